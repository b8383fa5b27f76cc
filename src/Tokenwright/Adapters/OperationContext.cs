using Tokenwright.Generated;
using Tokenwright.Http;

namespace Tokenwright.Adapters;

/// <summary>
/// The operation that an adapter's requests belong to. An adapter hands it to its typed client, which puts it on the request; the handlers
/// read there whether the request may be retried, and report there what became of it.
/// </summary>
public sealed class OperationContext
{
    private static readonly HttpRequestOptionsKey<OperationContext> Key = new("Tokenwright.OperationContext");
    private readonly OperationContext? _outer;

    internal OperationContext(
        TokenOperation operation, bool mayRetry, IReadOnlyList<TokenReference> named, CancellationToken cancellationToken)
    {
        (Operation, MayRetry, Named, CancellationToken) = (operation, mayRetry, named, cancellationToken);
        IsReadOnly = operation is TokenOperation.List or TokenOperation.Get or TokenOperation.Validate;
    }

    private OperationContext(bool? mayRetry, bool isReadOnly, CancellationToken cancellationToken)
        => (MayRetry, IsReadOnly, Named, CancellationToken) = (mayRetry, isReadOnly, [], cancellationToken);

    private OperationContext(OperationContext outer, bool? mayRetry, bool isReadOnly, CancellationToken cancellationToken)
        : this(mayRetry, isReadOnly, cancellationToken)
        => (_outer, Operation, Named) = (outer, outer.Operation, outer.Named);

    /// <summary>
    /// Gets the operation; null where a credential is exchanged, and where a typed client is called on its own.
    /// </summary>
    public TokenOperation? Operation { get; }

    /// <summary>
    /// Gets whether its requests change nothing: they read, or exchange a credential. False where nobody knows, which is where a typed
    /// client is called on its own.
    /// </summary>
    public bool IsReadOnly { get; }

    /// <summary>Gets the token to cancel the operation.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Gets the tokens that the operation names; their secrets are redacted in what the vendor says.</summary>
    internal IReadOnlyList<TokenReference> Named { get; }

    /// <summary>
    /// Gets whether its requests may be retried when nobody knows if they arrived; null where their methods decide, which is where a typed
    /// client is called on its own.
    /// </summary>
    internal bool? MayRetry { get; }

    /// <summary>Gets the newest of its own requests; null before the first one.</summary>
    internal SentRequest? Last { get; private set; }

    /// <summary>Gets the newest of its requests and of those of contexts derived from it; null before the first one.</summary>
    internal SentRequest? Newest { get; private set; }

    /// <summary>Gets the context of a request; null if it has none.</summary>
    /// <param name="request">The request.</param>
    public static OperationContext? Of(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request is ApiRequest own ? own.Context : request.Options.TryGetValue(Key, out var context) ? context : null;
    }

    /// <summary>
    /// Creates the context of a call that belongs to no operation: a typed client is called on its own. The method of its request decides
    /// whether it may be retried.
    /// </summary>
    /// <param name="cancellationToken">The token to cancel the call.</param>
    public static OperationContext WithoutOperation(CancellationToken cancellationToken)
        => new(null, isReadOnly: false, cancellationToken);

    /// <summary>Creates a context for requests of this operation that only read; they may be retried.</summary>
    public OperationContext Reading() => With(mayRetry: true, isReadOnly: true);

    /// <summary>Creates a context for requests that must not be retried, although the capabilities allow it in general.</summary>
    public OperationContext WithoutRetry() => With(mayRetry: false, IsReadOnly);

    /// <summary>
    /// Puts the context on a request that no typed client of the SDK's own templates makes. A stock client of NSwag does that in its
    /// <c>PrepareRequest</c>.
    /// </summary>
    /// <param name="request">The request.</param>
    public void Attach(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is ApiRequest own)
            own.Context = this;
        else
            request.Options.Set(Key, this);
    }

    /// <summary>Creates the context of an exchange, which many operations may wait for: a second session does no harm.</summary>
    internal static OperationContext ForExchange() => new(mayRetry: true, isReadOnly: true, CancellationToken.None);

    /// <summary>Creates a context for requests of this operation that are of another kind than its own.</summary>
    /// <param name="mayRetry">Whether they may be retried when nobody knows if they arrived.</param>
    /// <param name="isReadOnly">Whether they change nothing.</param>
    internal OperationContext With(bool mayRetry, bool isReadOnly) => new(this, mayRetry, isReadOnly, CancellationToken);

    /// <summary>Creates a context for requests that another token cancels too.</summary>
    /// <param name="cancellationToken">A token that is linked to this context's.</param>
    internal OperationContext WithCancellation(CancellationToken cancellationToken)
        => new(this, MayRetry, IsReadOnly, cancellationToken);

    /// <summary>Takes note of a request.</summary>
    internal void Sending(SentRequest request)
    {
        Last = request;
        for (var context = this; context is not null; context = context._outer)
            context.Newest = request;
    }
}
