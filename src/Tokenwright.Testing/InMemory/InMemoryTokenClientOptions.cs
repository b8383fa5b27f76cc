namespace Tokenwright.Testing;

/// <summary>Provides the options of an <see cref="InMemoryTokenClient"/>.</summary>
public sealed class InMemoryTokenClientOptions
{
    private const TokenReferenceKinds Others = TokenReferenceKinds.Id
        | TokenReferenceKinds.Secret | TokenReferenceKinds.IdAndSecret | TokenReferenceKinds.Key;

    /// <summary>Gets or initializes the vendor's name in metadata, records and exceptions.</summary>
    public string Vendor { get; init; } = "InMemory";

    /// <summary>Gets or initializes the connection's name in metadata, records and exceptions.</summary>
    public string Connection { get; init; } = "in-memory";

    /// <summary>Gets or initializes the clock, which decides when tokens expire.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gets or initializes the capabilities. The client throws <see cref="TokenOperationNotSupportedException"/> for operations, kinds of
    /// references and filters that they don't include. It enforces <see cref="TokenCapabilities.ExpiryCanBeChanged"/>,
    /// <see cref="TokenCapabilities.NamesAreUnique"/> for the tokens of one owner, and the limits of lifetimes, names, keys and pages. Keys
    /// are always unique.
    /// </summary>
    public TokenCapabilities Capabilities { get; init; } = Everything;

    /// <summary>
    /// Gets the capabilities of a client that supports everything by every kind of reference, except that a deactivated token can't
    /// activate itself. A page has up to 1,000 tokens. Names need not be unique.
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
        ExpiryCanBeChanged = true,
        ExchangedCredentialLifetime = TimeSpan.Zero,
        RevokedTokensCountAgainstQuota = false,
        CreationRecovery = CreationRecovery.Recoverable,
        CreationSettleTime = TimeSpan.Zero,
    };
}
