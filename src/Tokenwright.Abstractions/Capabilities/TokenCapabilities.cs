namespace Tokenwright;

/// <summary>
/// The capabilities: what a vendor's tokens can do, said before any call. Made from the vendor's documents and from what its
/// servers were seen to do.
/// </summary>
public sealed class TokenCapabilities
{
    private readonly Dictionary<TokenOperation, OperationCapability> _operations;

    /// <summary>
    /// Creates the capabilities. Operations that are not named are unsupported, with the reason given by <paramref name="otherwise"/>.
    /// </summary>
    /// <param name="operations">One entry for each operation that the capabilities have.</param>
    /// <param name="otherwise">The reason given for operations without an entry.</param>
    /// <exception cref="ArgumentException">An operation has two entries.</exception>
    public TokenCapabilities(IEnumerable<OperationCapability> operations, string otherwise = "The vendor has no such operation.")
    {
        ArgumentNullException.ThrowIfNull(operations);
        _operations = [];
        foreach (var operation in operations)
        {
            if (!_operations.TryAdd(operation.Operation, operation))
                throw new ArgumentException($"The capabilities have two entries for {operation.Operation}.", nameof(operations));
        }

        foreach (var operation in Enum.GetValues<TokenOperation>())
            _operations.TryAdd(operation, OperationCapability.Unsupported(operation, otherwise));
    }

    /// <summary>Gets every operation of <see cref="TokenOperation"/>, in its order.</summary>
    public IReadOnlyList<OperationCapability> Operations => [.. _operations.Values.OrderBy(operation => operation.Operation)];

    /// <summary>What the capabilities say of one operation.</summary>
    /// <param name="operation">The operation.</param>
    public OperationCapability this[TokenOperation operation] => _operations[operation];

    /// <summary>Gets or initializes the filters of <see cref="TokenQuery"/> that the vendor's list has.</summary>
    public TokenQueryFilters Filters { get; init; }

    /// <summary>Gets or initializes the vendor's limits, as far as its documents give them.</summary>
    public TokenLimits Limits { get; init; } = new();

    /// <summary>
    /// Gets or initializes how fine <see cref="ApiToken.LastUsedAt"/> is: the vendor may be late by up to this. Null where the vendor
    /// doesn't report it.
    /// </summary>
    public TimeSpan? LastUsedGranularity { get; init; }

    /// <summary>Gets or initializes whether a create requires <see cref="CreateTokenRequest.IdToken"/>.</summary>
    public bool RequiresIdToken { get; init; }

    /// <summary>Gets or initializes what can be done when the response to a create is lost.</summary>
    public CreationRecovery CreationRecovery { get; init; }

    /// <summary>
    /// Gets or initializes how long after a create its token may take to show in what the vendor lists: so long a token whose response was
    /// lost is looked for, unless the connection's options say otherwise. Null where tokens can't be looked for.
    /// </summary>
    public TimeSpan? CreationSettleTime { get; init; }
}
