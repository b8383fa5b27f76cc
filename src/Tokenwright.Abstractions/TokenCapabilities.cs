namespace Tokenwright;

/// <summary>
/// The capability card: what a vendor's tokens can do, said before any call. Made from the vendor's documents and from what its
/// servers were seen to do.
/// </summary>
public sealed class TokenCapabilities
{
    private readonly Dictionary<TokenOperation, OperationCapability> _operations;

    /// <summary>Makes a card. Operations that are not named are unsupported, with the reason given by <paramref name="otherwise"/>.</summary>
    /// <param name="operations">One entry for each operation that the card speaks of.</param>
    /// <param name="otherwise">The reason given for operations without an entry.</param>
    /// <exception cref="ArgumentException">An operation has two entries.</exception>
    public TokenCapabilities(IEnumerable<OperationCapability> operations, string otherwise = "The vendor has no such operation.")
    {
        ArgumentNullException.ThrowIfNull(operations);
        _operations = [];
        foreach (var operation in operations)
        {
            if (!_operations.TryAdd(operation.Operation, operation))
                throw new ArgumentException($"The card has two entries for {operation.Operation}.", nameof(operations));
        }

        foreach (var operation in Enum.GetValues<TokenOperation>())
            _operations.TryAdd(operation, OperationCapability.Unsupported(operation, otherwise));
    }

    /// <summary>Every operation of <see cref="TokenOperation"/>, in its order.</summary>
    public IReadOnlyList<OperationCapability> Operations => [.. _operations.Values.OrderBy(operation => operation.Operation)];

    /// <summary>What the card says of one operation.</summary>
    /// <param name="operation">The operation.</param>
    public OperationCapability this[TokenOperation operation] => _operations[operation];

    /// <summary>The filters of <see cref="TokenQuery"/> that the vendor's list has.</summary>
    public TokenQueryFilters Filters { get; init; }

    /// <summary>The vendor's limits, as far as its documents give them.</summary>
    public TokenLimits Limits { get; init; } = new();

    /// <summary>How fine <see cref="ApiToken.LastUsedAt"/> is: the vendor may be late by up to this. Null where the vendor doesn't report it.</summary>
    public TimeSpan? LastUsedGranularity { get; init; }

    /// <summary>What can be done when the answer to a create is lost.</summary>
    public CreationRecovery CreationRecovery { get; init; }
}

/// <summary>How a client does an operation.</summary>
public enum OperationSupport
{
    /// <summary>Not at all: the call throws <see cref="TokenOperationNotSupportedException"/> before anything is sent.</summary>
    Unsupported,

    /// <summary>By the vendor's own operation.</summary>
    Native,

    /// <summary>By other operations of the vendor; <see cref="OperationCapability.Remark"/> says how.</summary>
    Emulated,
}

/// <summary>What the capability card says of one operation.</summary>
public sealed record OperationCapability
{
    private OperationCapability(TokenOperation operation, OperationSupport support, string? remark)
    {
        Operation = operation;
        Support = support;
        Remark = remark;
    }

    /// <summary>The operation.</summary>
    public TokenOperation Operation { get; }

    /// <summary>Whether and how it is done.</summary>
    public OperationSupport Support { get; }

    /// <summary>How it is emulated, or why it is unsupported; for native operations, what a caller should know, or null.</summary>
    public string? Remark { get; }

    /// <summary>What to do instead of an unsupported operation; null if there is nothing.</summary>
    public string? Alternative { get; init; }

    /// <summary>Whether the same request may be sent twice without harm when it isn't known if the first one arrived.</summary>
    public bool SafeToResend { get; init; }

    /// <summary>The ways of naming a token that the operation takes; empty for those that name none (list and create).</summary>
    public TokenReferenceKinds References { get; init; }

    /// <summary>An operation that the vendor has.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="remark">What a caller should know; null if nothing.</param>
    public static OperationCapability Native(TokenOperation operation, string? remark = null)
        => new(operation, OperationSupport.Native, remark);

    /// <summary>An operation that the client puts together from others.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="how">How it is put together.</param>
    public static OperationCapability Emulated(TokenOperation operation, string how)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(how);
        return new(operation, OperationSupport.Emulated, how);
    }

    /// <summary>An operation that can't be had.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="reason">Why not, as a sentence.</param>
    /// <param name="alternative">What to do instead, as a sentence; null if there is nothing.</param>
    public static OperationCapability Unsupported(TokenOperation operation, string reason, string? alternative = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(operation, OperationSupport.Unsupported, reason) { Alternative = alternative };
    }
}

/// <summary>Limits that a vendor's documents give. Null means that they give none.</summary>
public sealed class TokenLimits
{
    /// <summary>How many tokens one owner may have at a time.</summary>
    public int? TokensPerOwner { get; init; }

    /// <summary>The shortest time that a new token may live.</summary>
    public TimeSpan? MinLifetime { get; init; }

    /// <summary>The longest time that a new token may live.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>How many calls the vendor takes within <see cref="CallWindow"/>.</summary>
    public int? CallsPerWindow { get; init; }

    /// <summary>The window that <see cref="CallsPerWindow"/> counts in.</summary>
    public TimeSpan? CallWindow { get; init; }

    /// <summary>The most tokens that one page of a list can hold.</summary>
    public int? MaxPageSize { get; init; }
}

/// <summary>What can be done when the answer to a create was lost and a token may exist that nobody holds.</summary>
public enum CreationRecovery
{
    /// <summary>Not stated: the client doesn't create tokens.</summary>
    None,

    /// <summary>The new token can be found by a key of the caller's own and its secret read again.</summary>
    Recoverable,

    /// <summary>The stray can be found by owner, name and time, and revoked; its secret is lost.</summary>
    FindAndRevoke,

    /// <summary>The stray can't be found, but ends by itself at its expiry.</summary>
    BoundedByExpiry,

    /// <summary>The stray can't be found and never ends.</summary>
    Unbounded,
}
