using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What came of a call that met a fault.</summary>
internal sealed record FaultReport
{
    public required bool Hangs { get; init; }

    public required Exception? Exception { get; init; }

    public required object? Result { get; init; }

    public required TokenClientMetadata Metadata { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>How many requests of the kind that was hit were sent.</summary>
    public required int Requests { get; init; }

    public required int MainRequests { get; init; }

    /// <summary>How many more tokens work than before.</summary>
    public required int Alive { get; init; }

    /// <summary>The token that the call was about.</summary>
    public required EmulatedToken Token { get; init; }

    /// <summary>The name that an update gives it.</summary>
    public required string NewName { get; init; }

    /// <summary>The tokens that are there and were not before.</summary>
    public required IReadOnlyList<EmulatedToken> Made { get; init; }

    /// <summary>Whether something went to another origin.</summary>
    public required bool WasElsewhere { get; init; }

    /// <summary>What was told of it: logs, spans, metrics, events of the framework.</summary>
    public required Recording Told { get; init; }

    /// <summary>Knows the secrets that were about.</summary>
    public required SecretCanary Canary { get; init; }
}
