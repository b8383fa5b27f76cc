using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Tokenwright;

/// <summary>
/// What every connection can be told, whatever its vendor. Checked when the connection is opened, with a container at the program's start.
/// </summary>
public abstract class ConnectionOptions : IValidatableObject
{
    private const string Shortest = "00:00:00.001";
    private const string Longest = "1.00:00:00";
    internal const int DefaultMaxConnections = 32;

    /// <summary>
    /// Gets or sets where the vendor's API is; https, or http on a loopback address. Each vendor's options say what its address looks like
    /// and whether it has a default. Read once, when the connection is opened.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Gets or sets how long a request may take in all: its retries and the waits between them, the exchange of credentials and the body of
    /// the response included. 30 seconds by default. An operation that needs several requests has this time for each of them.
    /// </summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long one attempt may take, the body of the response included. 10 seconds by default.</summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets how many times a request is retried after a failure that may pass, at most; 3 by default, 0 for never. What may be
    /// retried is said by <see cref="OperationCapability.SafeToRetry"/>; a request that issues a secret never is, unless it surely did not
    /// reach the vendor or was refused as one too many.
    /// </summary>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>
    /// Gets or sets how long the first retry waits, on average; every further one waits twice as long. Each wait is drawn at random between
    /// half and one and a half of that. 0.8 seconds by default. Where the vendor says how long to wait, that is done instead, within
    /// <see cref="MaxRetryAfter"/>.
    /// </summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>
    /// Gets or sets the longest time for which a response of the vendor can hold calls back, whatever its <c>Retry-After</c> or
    /// <c>RateLimit</c> headers say. 5 minutes by default. A longer wait becomes this one, also in
    /// <see cref="TokenClientException.RetryAfter"/>; then one call is let through, and the vendor may refuse it again.
    /// </summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long the token of a create whose response was lost may take to show: for so long it is looked for before anything
    /// is decided, and what shows later is not found. The outcome of a lost regenerate is asked for as long. Null, the default, takes the
    /// vendor's <see cref="TokenCapabilities.CreationSettleTime"/>; from zero, which looks once, to a day.
    /// </summary>
    [TimeRange("00:00:00", Longest)]
    public TimeSpan? CreationSettleTime { get; set; }

    /// <summary>
    /// Gets or sets how many calls are sent within <see cref="CallWindow"/> at most, counted over all clients in the process that work with
    /// the same credential; further ones wait. No sliding window at the vendor gets more, however long requests are under way. Null for no
    /// such limit. Each vendor's options say their default.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? CallsPerWindow { get; set; }

    /// <summary>Gets or sets the sliding window that <see cref="CallsPerWindow"/> counts in. 10 seconds by default.</summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan CallWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets whether calls wait when the vendor's <c>RateLimit-Limit</c>, <c>RateLimit-Remaining</c> and <c>RateLimit-Reset</c>
    /// headers say that its quota is used up, before it refuses them. True by default. The wait is limited by <see cref="MaxRetryAfter"/>.
    /// </summary>
    public bool FollowRateLimitHeaders { get; set; } = true;

    /// <summary>
    /// Gets or sets how many network connections to the vendor are open at a time, at most; further requests wait for one of them within
    /// <see cref="AttemptTimeout"/>. 32 by default. Read once, when the connection is opened. It applies to the SDK's own transport: one
    /// that the program brings has its own limit, <c>MaxConnectionsPerServer</c>.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = DefaultMaxConnections;

    /// <summary>Gets or sets the most bytes that a response may have, after decompression. 16 MiB by default.</summary>
    [Range(1, int.MaxValue)]
    public int MaxResponseBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Gets or sets what is added to the <c>User-Agent</c> of each request, so that the vendor or a firewall can tell the program: products
    /// in the form of RFC 9110, for example <c>InventoryJob/2.1</c>. Before it stands <c>Tokenwright/VERSION (PACKAGE)</c>. Null, the
    /// default, for nothing more.
    /// </summary>
    public string? UserAgent { get; set; }

    /// <summary>
    /// Gets what the vendor counts calls by, as one text: clients whose options give the same share a rate limiter. It may hold a secret
    /// (<see cref="ScopeOf"/>); only a hash of it is kept.
    /// </summary>
    protected internal abstract string RateLimitScope { get; }

    /// <summary>
    /// Gets all members that hold secrets, by name: they are checked when the connection is opened, and redacted in whatever a vendor says.
    /// </summary>
    protected internal abstract IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets { get; }

    /// <summary>
    /// Gets the options that are read once, when the connection is opened, by name: a reload that changes one has no effect, and is logged.
    /// A vendor's options add their own to those of the base.
    /// </summary>
    protected internal virtual IReadOnlyList<KeyValuePair<string, object?>> ReadOnce =>
    [
        new(nameof(BaseAddress), BaseAddress),
        new(nameof(TotalTimeout), TotalTimeout),
        new(nameof(AttemptTimeout), AttemptTimeout),
        new(nameof(MaxRetries), MaxRetries),
        new(nameof(RetryDelay), RetryDelay),
        new(nameof(CreationSettleTime), CreationSettleTime),
        new(nameof(MaxRetryAfter), MaxRetryAfter),
        new(nameof(CallsPerWindow), CallsPerWindow),
        new(nameof(CallWindow), CallWindow),
        new(nameof(FollowRateLimitHeaders), FollowRateLimitHeaders),
        new(nameof(MaxConnections), MaxConnections),
        new(nameof(MaxResponseBytes), MaxResponseBytes),
        new(nameof(UserAgent), UserAgent),
    ];

    /// <summary>Sets the members that hold secrets from configuration: <c>Token = read(nameof(Token)) ?? Token</c>.</summary>
    /// <param name="read">Reads where the secret of a member comes from; null if the configuration says nothing of it.</param>
    protected internal abstract void BindSecrets(Func<string, SecretSource?> read);

    /// <summary>
    /// Gets what tells a secret from others in <see cref="RateLimitScope"/>: its value, or where it comes from as long as it was not read.
    /// </summary>
    /// <param name="source">The secret; null for none.</param>
    protected static string? ScopeOf(SecretSource? source) => source?.Scope;

    /// <summary>Finds what is wrong with these options beyond the ranges of single members.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>One sentence per problem, with the member's name; none if all is well.</returns>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
        => FindProblems().Select(problem => new ValidationResult(problem));

    /// <summary>Finds what is wrong beyond the ranges of single members, as sentences.</summary>
    internal IEnumerable<string> FindProblems()
        => ValidateAddress().Concat(ValidateTimes()).Concat(ValidateUserAgent()).Concat(ValidateSecrets()).Concat(ValidateVendor());

    /// <summary>Creates a copy that later changes of these options don't reach.</summary>
    internal ConnectionOptions Copy() => (ConnectionOptions)MemberwiseClone();

    /// <summary>
    /// Finds what is wrong with an id, which may become a segment of a path: what <see cref="TokenReference.ById"/> refuses, and a slash.
    /// </summary>
    /// <param name="member">The member's name.</param>
    /// <param name="id">The id; null is fine.</param>
    /// <returns>A sentence that begins with the member's name; null if all is well.</returns>
    protected static string? ValidateId(string member, string? id)
    {
        if (id is null)
            return null;
        if (id.Contains('/', StringComparison.Ordinal))
            return $"{member} has a slash; it must be an id alone, not a part of an address.";
        try
        {
            _ = TokenReference.ById(id);
            return null;
        }
        catch (ArgumentException refusal)
        {
            return $"{member} is no id: {refusal.Message.Split(" (Parameter")[0].TrimEnd('.')}.";
        }
    }

    /// <summary>Finds what is wrong with the vendor's own options.</summary>
    /// <returns>One sentence per problem, with the member's name; none if all is well.</returns>
    protected abstract IEnumerable<string> ValidateVendor();

    private IEnumerable<string> ValidateAddress()
    {
        if (BaseAddress is null)
            yield return $"{nameof(BaseAddress)} is missing.";
        else if (!BaseAddress.IsAbsoluteUri)
            yield return $"{nameof(BaseAddress)} '{BaseAddress}' is not an absolute address; write it with its scheme, https://….";
        else if (BaseAddress.Scheme != Uri.UriSchemeHttps && !(BaseAddress.Scheme == Uri.UriSchemeHttp && IsLoopback(BaseAddress)))
            yield return $"{nameof(BaseAddress)} '{BaseAddress.Scheme}://{BaseAddress.Authority}' would send the credential unencrypted; " +
                "use https (http is taken for loopback addresses only).";
        else if (BaseAddress.UserInfo.Length > 0 || BaseAddress.Query.Length > 0 || BaseAddress.Fragment.Length > 0)
            yield return $"{nameof(BaseAddress)} must have no user, query or fragment part; credentials have options of their own.";
    }

    private IEnumerable<string> ValidateTimes()
    {
        if (TotalTimeout < AttemptTimeout)
            yield return $"{nameof(TotalTimeout)} ({TotalTimeout}) must not be shorter than {nameof(AttemptTimeout)} ({AttemptTimeout}).";
        if (MaxRetries > 0 && RetryDelay >= TotalTimeout)
            yield return $"{nameof(RetryDelay)} ({RetryDelay}) must be shorter than {nameof(TotalTimeout)} ({TotalTimeout}), else no " +
                $"retry ever happens; for none, set {nameof(MaxRetries)} to 0.";
    }

    private IEnumerable<string> ValidateUserAgent()
    {
        using var request = new HttpRequestMessage();
        if (UserAgent is not null && (string.IsNullOrWhiteSpace(UserAgent) || !request.Headers.UserAgent.TryParseAdd(UserAgent)))
            yield return $"{nameof(UserAgent)} must be one or more products in the form of RFC 9110, for example 'InventoryJob/2.1'.";
    }

    private IEnumerable<string> ValidateSecrets() => Secrets.Select(secret => secret.Value?.Problem(secret.Key)).OfType<string>();

    private static bool IsLoopback(Uri address)
        => address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));
}
