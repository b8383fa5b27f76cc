namespace Tokenwright.Rotation;

/// <summary>Provides the options of rotations in a container.</summary>
public sealed class RotationOptions
{
    /// <summary>Gets the lineages. Their connections are those of the container.</summary>
    public IList<TokenLineage> Lineages { get; } = [];

    /// <summary>
    /// Gets or sets the path of the journal, an SQLite database on a local disk. Set this or <see cref="CreateJournal"/>.
    /// </summary>
    public string? JournalPath { get; set; }

    /// <summary>
    /// Gets or sets a function that opens another journal, for example one for several machines. It is called once, and the container
    /// disposes the journal.
    /// </summary>
    public Func<IServiceProvider, IRotationJournal>? CreateJournal { get; set; }

    /// <summary>Gets or sets a function that returns how the secrets in the journal are encrypted. It is required.</summary>
    public Func<IServiceProvider, SecretSealer>? CreateSealer { get; set; }

    /// <summary>
    /// Gets or sets whether a background service of the host runs what is due. The default is true. Set it to false if something else calls
    /// <see cref="TokenRotator.RunDueAsync"/>, for example the program's own scheduler.
    /// </summary>
    public bool RunInBackground { get; set; } = true;

    /// <summary>Gets or sets how often the background service looks for what is due. The default is one minute.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how many lineages are worked on at the same time. The default is 4.</summary>
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>Gets or sets a function that is called for each event, for example to alert somebody.</summary>
    public Action<RotationEvent>? OnEvent { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (JournalPath is null == CreateJournal is null)
            yield return $"Set {nameof(JournalPath)} or {nameof(CreateJournal)}.";
        if (CreateSealer is null)
            yield return $"{nameof(CreateSealer)} is missing: the secrets in the journal must be encrypted.";
        if (Interval <= TimeSpan.Zero)
            yield return $"{nameof(Interval)} must be longer than zero.";
        if (MaxConcurrency < 1)
            yield return $"{nameof(MaxConcurrency)} must be at least 1.";
    }
}
