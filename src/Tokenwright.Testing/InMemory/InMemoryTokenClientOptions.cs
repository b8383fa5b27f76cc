namespace Tokenwright.Testing;

/// <summary>How an <see cref="InMemoryTokenClient"/> is to behave.</summary>
public sealed class InMemoryTokenClientOptions
{
    private const TokenReferenceKinds Others = TokenReferenceKinds.Id
        | TokenReferenceKinds.Secret | TokenReferenceKinds.IdAndSecret | TokenReferenceKinds.Key;

    /// <summary>Gets or initializes the vendor's name in metadata, records and exceptions.</summary>
    public string Vendor { get; init; } = "InMemory";

    /// <summary>Gets or initializes the connection's name in metadata, records and exceptions.</summary>
    public string Connection { get; init; } = "in-memory";

    /// <summary>Gets or initializes the clock that tokens end by.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gets or initializes whether a second token of a name is refused with <see cref="TokenConflictException"/>, per owner. Keys are
    /// unique always.
    /// </summary>
    public bool UniqueNames { get; init; }

    /// <summary>
    /// Gets or initializes the capabilities. The client holds itself to it: operations, kinds of references and filters that it lacks throw
    /// <see cref="TokenOperationNotSupportedException"/>; <see cref="TokenLimits.MinLifetime"/>, <see cref="TokenLimits.MaxLifetime"/> and
    /// <see cref="TokenLimits.MaxPageSize"/> are heeded.
    /// </summary>
    public TokenCapabilities Capabilities { get; init; } = Everything;

    /// <summary>
    /// Gets the capabilities of a client that can do everything by every kind of reference, save that a deactivated token can't activate
    /// itself on. A page holds 1,000 tokens.
    /// </summary>
    public static TokenCapabilities Everything { get; } =
        new(Enum.GetValues<TokenOperation>().Select(operation => OperationCapability.Native(operation) with
    {
        SafeToRetry = operation is not (TokenOperation.Create or TokenOperation.Regenerate),
        References = operation switch
        {
            TokenOperation.List or TokenOperation.Create => TokenReferenceKinds.None,
            TokenOperation.Resume => Others,
            _ => Others | TokenReferenceKinds.Self,
        },
    }))
    {
        Filters = TokenQueryFilters.OwnerId | TokenQueryFilters.OwnOnly | TokenQueryFilters.Role
            | TokenQueryFilters.UnusedSince | TokenQueryFilters.PageSize,
        Limits = new() { MaxPageSize = 1000 },
        LastUsedGranularity = TimeSpan.Zero,
        CreationRecovery = CreationRecovery.Recoverable,
        CreationSettleTime = TimeSpan.Zero,
    };
}
