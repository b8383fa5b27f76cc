namespace Tokenwright.Cli.Changes;

/// <summary>Represents a change that was requested from the vendor but not reported to the user yet.</summary>
/// <param name="what">The change and the token, as a sentence.</param>
internal sealed class UntoldChange(string what)
{
    public string What { get; } = what;

    /// <summary>Gets or sets what happened to the new secret, as a sentence; null if there is none.</summary>
    public string? Secret { get; set; }

    /// <summary>Gets or initializes what to do, as a sentence; null if there is nothing to do.</summary>
    public string? Remedy { get; init; }

    public override string ToString() => string.Join(' ', new[] { What, Secret, Remedy }.OfType<string>());
}
