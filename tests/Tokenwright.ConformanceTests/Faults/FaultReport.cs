using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>The result of a call with a fault.</summary>
internal sealed record FaultReport
{
    public required bool Hangs { get; init; }

    public required Exception? Exception { get; init; }

    public required object? Result { get; init; }

    public required TokenClientMetadata Metadata { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets how many requests of the affected kind were sent.</summary>
    public required int Requests { get; init; }

    public required int MainRequests { get; init; }

    /// <summary>Gets by how many the number of working tokens has changed.</summary>
    public required int Alive { get; init; }

    /// <summary>Gets the token that the call used.</summary>
    public required EmulatedToken Token { get; init; }

    /// <summary>Gets the name that an update sets.</summary>
    public required string NewName { get; init; }

    /// <summary>Gets the tokens that did not exist before.</summary>
    public required IReadOnlyList<EmulatedToken> Made { get; init; }

    /// <summary>Gets whether anything was sent to another origin.</summary>
    public required bool WasElsewhere { get; init; }

    /// <summary>Gets what was recorded: logs, spans, metrics, events of the framework.</summary>
    public required Recording Told { get; init; }

    /// <summary>Gets the canary, which finds the secrets of the call.</summary>
    public required SecretCanary Canary { get; init; }
}
