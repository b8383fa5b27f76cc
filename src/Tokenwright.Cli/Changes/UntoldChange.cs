namespace Tokenwright.Cli.Changes;

/// <summary>Something that the vendor was asked to do, and that nobody was told of yet.</summary>
/// <param name="what">What was done to which token, as a sentence.</param>
internal sealed class UntoldChange(string what)
{
    public string What { get; } = what;

    /// <summary>Gets or sets what became of a fresh secret, as a sentence; null where there is none.</summary>
    public string? Secret { get; set; }

    /// <summary>Gets or initializes what to do, as a sentence; null for nothing.</summary>
    public string? Remedy { get; init; }

    public override string ToString() => string.Join(' ', new[] { What, Secret, Remedy }.OfType<string>());
}
