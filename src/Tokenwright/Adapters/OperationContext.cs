using Tokenwright.Generated;
using Tokenwright.Http;

namespace Tokenwright.Adapters;

/// <summary>
/// Represents the operation that an adapter's requests belong to. An adapter passes it to its typed client, which attaches it to the
/// request. From there, the HTTP handlers read whether the request can be retried. They also record in it what happened to the request.
/// </summary>
public sealed class OperationContext
{
    private static readonly HttpRequestOptionsKey<OperationContext> Key = new("Tokenwright.OperationContext");
    private readonly OperationContext? _outer;
    private readonly TokenReference? _reference;
    private readonly IReadOnlyList<TokenReference> _references;
    private TokenSecret[] _secrets = [];

    internal OperationContext(
        TokenOperation operation, bool mayRetry, IReadOnlyList<TokenReference> references, CancellationToken cancellationToken,
        TokenReference? reference = null)
    {
        (Operation, MayRetry, CancellationToken) = (operation, mayRetry, cancellationToken);
        (_reference, _references) = (reference, references);
        IsReadOnly = operation is TokenOperation.List or TokenOperation.Get or TokenOperation.Validate;
    }

    private OperationContext(bool? mayRetry, bool isReadOnly, CancellationToken cancellationToken)
        => (MayRetry, IsReadOnly, _references, CancellationToken) = (mayRetry, isReadOnly, [], cancellationToken);

    private OperationContext(OperationContext outer, bool? mayRetry, bool isReadOnly, CancellationToken cancellationToken)
        : this(mayRetry, isReadOnly, cancellationToken)
        => (_outer, Operation, _reference, _references) = (outer, outer.Operation, outer._reference, outer._references);

    /// <summary>Gets the operation; null for the exchange of a credential, and for a typed client that is called directly.</summary>
    public TokenOperation? Operation { get; }

    /// <summary>
    /// Gets whether the requests of the operation change nothing: they only read, or exchange a credential. False for a typed client that
    /// is called directly, because it isn't known then.
    /// </summary>
    public bool IsReadOnly { get; }

    /// <summary>Gets the token to cancel the operation.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>
    /// Gets the secrets of the tokens that the operation refers to, and those that the adapter added. They are redacted in the vendor's
    /// messages.
    /// </summary>
    internal IEnumerable<TokenSecret> Secrets
        => (_reference is null ? _references : [_reference]).Select(reference => reference.Secret).OfType<TokenSecret>()
            .Concat(Outermost._secrets);

    private OperationContext Outermost => _outer?.Outermost ?? this;

    /// <summary>Gets or initializes the timestamp of the operation's start, for the log of its failure; 0 without such a log.</summary>
    internal long Start { get; init; }

    /// <summary>
    /// Gets whether requests can be retried when it isn't known whether they arrived. Null for a typed client that is called directly: then
    /// the HTTP method decides.
    /// </summary>
    internal bool? MayRetry { get; }

    /// <summary>Gets the latest request of this context; null before the first one.</summary>
    internal SentRequest? Last { get; private set; }

    /// <summary>Gets the latest request of this context and of the contexts derived from it; null before the first one.</summary>
    internal SentRequest? Newest { get; private set; }

    /// <summary>Gets the context of a request; null if it has none.</summary>
    /// <param name="request">The request.</param>
    public static OperationContext? Of(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request is ApiRequest own ? own.Context : request.Options.TryGetValue(Key, out var context) ? context : null;
    }

    /// <summary>
    /// Creates the context of a call without an operation, for a typed client that is called directly. The HTTP method of the request
    /// decides whether it can be retried.
    /// </summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public static OperationContext WithoutOperation(CancellationToken cancellationToken)
        => new(null, isReadOnly: false, cancellationToken);

    /// <summary>
    /// Adds a secret that the operation came across, for example the value of a token that its path contains. It is redacted in logs and
    /// in the vendor's messages, as the secrets in the caller's references are.
    /// </summary>
    /// <param name="secret">The secret.</param>
    public void AddSecret(TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var outermost = Outermost;
        outermost._secrets = [.. outermost._secrets, secret];
    }

    /// <summary>Creates a context for requests of this operation that only read. They can be retried.</summary>
    public OperationContext Reading() => With(mayRetry: true, isReadOnly: true);

    /// <summary>Creates a context for requests that must not be retried, even if the capabilities allow it for the operation.</summary>
    public OperationContext WithoutRetry() => MayRetry == false && Last is null ? this : With(mayRetry: false, IsReadOnly);

    /// <summary>
    /// Attaches the context to a request that wasn't created by a typed client with this SDK's templates. A standard NSwag client calls
    /// this in its <c>PrepareRequest</c>.
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

    /// <summary>
    /// Creates the context of a credential exchange, which many operations can wait for. It can be retried, because a second session does
    /// no harm.
    /// </summary>
    internal static OperationContext ForExchange() => new(mayRetry: true, isReadOnly: true, CancellationToken.None);

    /// <summary>Creates a context for requests of this operation that differ in kind from the operation.</summary>
    /// <param name="mayRetry">Whether the requests can be retried when it isn't known whether they arrived.</param>
    /// <param name="isReadOnly">Whether the requests change nothing.</param>
    internal OperationContext With(bool mayRetry, bool isReadOnly) => new(this, mayRetry, isReadOnly, CancellationToken);

    /// <summary>Creates a context for requests that a second token can cancel too.</summary>
    /// <param name="cancellationToken">A token that is linked to the token of this context.</param>
    internal OperationContext WithCancellation(CancellationToken cancellationToken)
        => new(this, MayRetry, IsReadOnly, cancellationToken);

    /// <summary>Records a request as the latest one.</summary>
    internal void Sending(SentRequest request)
    {
        Last = request;
        for (var context = this; context is not null; context = context._outer)
            context.Newest = request;
    }
}
