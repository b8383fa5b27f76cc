namespace Tokenwright;

/// <summary>
/// Describes what can be done with a vendor's tokens, so that a caller knows it before a call. The sources are the vendor's documents and
/// the observed behavior of its servers.
/// </summary>
public sealed class TokenCapabilities
{
    private readonly OperationCapability[] _operations;

    /// <summary>
    /// Initializes a new instance of the <see cref="TokenCapabilities"/> class. An operation without an entry is unsupported, for the
    /// reason in <paramref name="otherwise"/>.
    /// </summary>
    /// <param name="operations">The capabilities of the supported operations, one entry for each.</param>
    /// <param name="otherwise">The reason for all operations without an entry.</param>
    /// <exception cref="ArgumentException">An operation has two entries, or an entry is for no defined operation.</exception>
    public TokenCapabilities(IEnumerable<OperationCapability> operations, string otherwise = "The vendor has no such operation.")
    {
        ArgumentNullException.ThrowIfNull(operations);
        var all = Enum.GetValues<TokenOperation>();
        _operations = new OperationCapability[all.Length];
        foreach (var operation in operations)
        {
            if (!Enum.IsDefined(operation.Operation))
                throw new ArgumentException($"{operation.Operation} is not an operation.", nameof(operations));
            if (_operations[(int)operation.Operation] is not null)
                throw new ArgumentException($"The capabilities have two entries for {operation.Operation}.", nameof(operations));
            _operations[(int)operation.Operation] = operation;
        }

        foreach (var operation in all)
            _operations[(int)operation] ??= OperationCapability.Unsupported(operation, otherwise);
    }

    /// <summary>Gets the capabilities of all operations, in the order of <see cref="TokenOperation"/>.</summary>
    public IReadOnlyList<OperationCapability> Operations => [.. _operations];

    /// <summary>Gets the capability of one operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not an operation.</exception>
    public OperationCapability this[TokenOperation operation]
        => (uint)operation < (uint)_operations.Length ? _operations[(int)operation]
            : throw new ArgumentOutOfRangeException(nameof(operation), operation, "It is not an operation.");

    /// <summary>Gets or initializes the filters of <see cref="TokenQuery"/> that the vendor's list supports.</summary>
    public TokenQueryFilters Filters { get; init; }

    /// <summary>Gets or initializes the limits that the vendor documents.</summary>
    public TokenLimits Limits { get; init; } = new();

    /// <summary>
    /// Gets or initializes the precision of <see cref="ApiToken.LastUsedAt"/>: the vendor can record a use late by up to this time. Null if
    /// the vendor doesn't report the last use.
    /// </summary>
    public TimeSpan? LastUsedGranularity { get; init; }

    /// <summary>
    /// Gets or initializes whether the vendor's tokens can have an expiry. The default is true. False means that no token ever expires,
    /// whatever its creator asks for.
    /// </summary>
    public bool TokensCanExpire { get; init; } = true;

    /// <summary>
    /// Gets or initializes whether an update can change the expiry of an existing token (<see cref="UpdateTokenRequest.Expiry"/>). If
    /// false, the default, such an update is refused before it is sent.
    /// </summary>
    public bool ExpiryCanBeChanged { get; init; }

    /// <summary>
    /// Gets or initializes for how long a credential that was exchanged for a token, such as an access token or a session, can still work
    /// after the token is revoked or has expired. Zero if such a credential ends with the token, or if the token itself is sent and
    /// nothing is exchanged for it. Null, the default, if that isn't known.
    /// </summary>
    public TimeSpan? ExchangedCredentialLifetime { get; init; }

    /// <summary>
    /// Gets or initializes whether the vendor refuses a create with the name of another token of the same owner, tenant or workspace. The
    /// default is false, which also means that no source says that it does.
    /// </summary>
    public bool NamesAreUnique { get; init; }

    /// <summary>
    /// Gets or initializes whether the record of a revoked token counts against <see cref="TokenLimits.TokensPerOwner"/>. False if a
    /// revoked token leaves no record. Null, the default, if that isn't known. A caller that needs a free place then counts the record.
    /// </summary>
    public bool? RevokedTokensCountAgainstQuota { get; init; }

    /// <summary>Gets or initializes whether a create requires <see cref="CreateTokenRequest.IdToken"/>.</summary>
    public bool RequiresIdToken { get; init; }

    /// <summary>Gets or initializes what can be done when the response to a create is lost.</summary>
    public CreationRecovery CreationRecovery { get; init; }

    /// <summary>
    /// Gets or initializes how long a new token can take to appear in the vendor's list. If the response to a create is lost, the client
    /// looks for the token for this long, unless the connection's options set another time. Null if the client can't look for tokens.
    /// </summary>
    public TimeSpan? CreationSettleTime { get; init; }
}
