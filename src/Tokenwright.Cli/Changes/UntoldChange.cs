namespace Tokenwright.Cli.Changes;

/// <summary>Represents a change that was requested from the vendor but not reported to the user yet.</summary>
/// <param name="what">The change and the token, as a sentence.</param>
/// <param name="end">
/// Removes the change when its request has ended and nothing happened, or the failure was reported; null if the vendor has responded.
/// </param>
internal sealed class UntoldChange(string what, Action<UntoldChange>? end = null) : IDisposable
{
    private Action<UntoldChange>? _end = end;

    /// <summary>Gets the change and the token, as a sentence.</summary>
    public string What { get; private set; } = what;

    /// <summary>Gets or sets what happened to the new secret, as a sentence; null if there is none.</summary>
    public string? Secret { get; set; }

    /// <summary>Gets or sets what to do, as a sentence; null if there is nothing to do.</summary>
    public string? Remedy { get; set; }

    /// <summary>Gets whether the vendor hasn't responded yet.</summary>
    public bool IsUnderWay => _end is not null;

    /// <summary>Sets what happened. From now on, the change stays until it is printed.</summary>
    public void Happened(string what) => (What, _end) = (what, null);

    public void Dispose() => _end?.Invoke(this);

    public override string ToString() => string.Join(' ', new[] { What, Secret, Remedy }.OfType<string>());
}
