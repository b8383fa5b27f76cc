using Microsoft.Extensions.Logging;

namespace Tokenwright.Rotation;

/// <summary>Provides what a <see cref="TokenRotator"/> works with.</summary>
public sealed class TokenRotatorOptions
{
    /// <summary>Gets or initializes the lineages.</summary>
    public required IReadOnlyList<TokenLineage> Lineages { get; init; }

    /// <summary>Gets or initializes the journal. The rotator doesn't dispose it.</summary>
    public required IRotationJournal Journal { get; init; }

    /// <summary>Gets or initializes how the secrets in the journal are encrypted.</summary>
    public required SecretSealer Sealer { get; init; }

    /// <summary>Gets or initializes a function that returns the client of a connection. The rotator doesn't dispose it.</summary>
    public required Func<string, ITokenClient> GetClient { get; init; }

    /// <summary>
    /// Gets or initializes a function that is called for each event, for example to alert somebody. What it throws is logged and ignored.
    /// </summary>
    public Action<RotationEvent>? OnEvent { get; init; }

    /// <summary>
    /// Gets or initializes how many lineages are worked on at the same time. The default is 4. The rate limits of the connections apply
    /// besides.
    /// </summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>Gets or initializes the clock. It must be the clock of the clients.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets or initializes the factory of the log, whose category is <c>Tokenwright.Rotation</c>; null for no log.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
