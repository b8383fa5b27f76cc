namespace Tokenwright.Rotation;

/// <summary>What is known when it is decided whether old tokens may be revoked.</summary>
internal sealed record GateFacts
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>The generation that the sinks have.</summary>
    public required int Generation { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    public required TimeSpan Overlap { get; init; }

    public required TimeSpan Idle { get; init; }

    /// <summary>How long a credential that was exchanged for a token can outlive it.</summary>
    public required TimeSpan ExchangedLifetime { get; init; }

    /// <summary>How late a vendor reports a use; null if it reports none.</summary>
    public required TimeSpan? Granularity { get; init; }

    public required IReadOnlyList<string> Consumers { get; init; }

    public required IReadOnlyList<RotationAcknowledgement> Acknowledgements { get; init; }

    /// <summary>The use of each old token; null if it wasn't read yet.</summary>
    public IReadOnlyList<TokenUse>? Uses { get; init; }
}
