namespace Tokenwright.Http;

/// <summary>
/// What an operation lets the requests do that it sends, and what became of the last one. It flows with the asynchronous call, from the
/// adapter through the generated client to the handlers, which have no other way to learn which operation a request belongs to.
/// </summary>
internal sealed class CallScope
{
    private static readonly AsyncLocal<CallScope?> Ambient = new();
    private readonly CallScope? _outer;

    private CallScope(bool mayRetry, TokenOperation? operation, IReadOnlyList<TokenReference>? named, CallScope? outer)
    {
        MayRetry = mayRetry;
        Operation = operation ?? outer?.Operation;
        Named = named ?? outer?.Named ?? [];
        _outer = outer;
        Ambient.Value = this;
    }

    /// <summary>Gets the scope of the operation that is under way; null where a typed client is called on its own.</summary>
    public static CallScope? Current => Ambient.Value;

    /// <summary>Gets the operation; null where a typed client's credential is exchanged on its own.</summary>
    public TokenOperation? Operation { get; }

    /// <summary>Gets the tokens that the operation names; their secrets are redacted in what the vendor says.</summary>
    public IReadOnlyList<TokenReference> Named { get; }

    /// <summary>Gets whether its requests may be retried when nobody knows if they arrived.</summary>
    public bool MayRetry { get; }

    /// <summary>Gets the newest of its own requests; null before the first one.</summary>
    public SentRequest? Last { get; private set; }

    /// <summary>Gets the newest of its requests and of those of scopes within it; null before the first one.</summary>
    public SentRequest? Newest { get; private set; }

    /// <summary>Enters a scope; it ends with the asynchronous method that began it.</summary>
    /// <param name="mayRetry">Whether its requests may be retried when nobody knows if they arrived.</param>
    /// <param name="operation">The operation; null for that of the scope around it.</param>
    /// <param name="named">The tokens that it names; null for those of the scope around it.</param>
    public static CallScope Enter(bool mayRetry, TokenOperation? operation = null, IReadOnlyList<TokenReference>? named = null)
        => new(mayRetry, operation, named, Ambient.Value);

    /// <summary>Enters a scope of its own, for what many operations wait for, whichever of them happened to begin it.</summary>
    /// <param name="mayRetry">Whether its requests may be retried when nobody knows if they arrived.</param>
    public static CallScope EnterShared(bool mayRetry) => new(mayRetry, null, null, null);

    /// <summary>Takes note of a request.</summary>
    public void Sending(SentRequest request)
    {
        Last = request;
        for (var scope = this; scope is not null; scope = scope._outer)
            scope.Newest = request;
    }
}
