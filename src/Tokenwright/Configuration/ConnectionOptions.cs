using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Tokenwright;

/// <summary>
/// Provides the options that connections to all vendors have. They are validated when the connection is opened; with a container, when the
/// program starts.
/// </summary>
public abstract partial class ConnectionOptions : IValidatableObject
{
    private const string Shortest = "00:00:00.001";
    private const string Longest = "1.00:00:00";
    internal const int DefaultMaxConnections = 32;

    /// <summary>
    /// Gets or sets the address of the vendor's API: https, or http for a loopback address or with <see cref="AllowHttp"/>. The options of
    /// each vendor describe its form and whether there is a default. It is read once, when the connection is opened.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Gets or sets the maximum time for a request, including retries and the waits between them, the exchange of credentials and the body
    /// of the response. The default is 30 seconds. An operation with several requests has this time for each of them.
    /// </summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the maximum time for one attempt, including the body of the response. The default is 10 seconds.</summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets the maximum number of retries after a failure that may be temporary. The default is 3; 0 disables retries.
    /// <see cref="OperationCapability.SafeToRetry"/> says which operations can be retried. A request that issues a secret is never retried,
    /// unless it certainly did not reach the vendor or was refused by a rate limit.
    /// </summary>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 3;

    /// <summary>
    /// Gets or sets the average wait before the first retry. The default is 0.8 seconds. The average doubles for each further retry, and
    /// each wait is between half and one and a half times the average, chosen at random. If the vendor says how long to wait, that wait is
    /// used instead, limited by <see cref="MaxRetryAfter"/>.
    /// </summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>
    /// Gets or sets the maximum time for which a response of the vendor can delay calls with its <c>Retry-After</c> or <c>RateLimit</c>
    /// headers. The default is 5 minutes. A longer wait is shortened to this time, also in <see cref="TokenClientException.RetryAfter"/>.
    /// Then one call is sent, and the vendor may refuse it again.
    /// </summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long the token of a create whose response was lost can take to appear. The client looks for the token for this long
    /// before it decides, and doesn't find a token that appears later. The outcome of a lost regenerate is checked for the same time. Null,
    /// the default, uses the vendor's <see cref="TokenCapabilities.CreationSettleTime"/>. The value is from zero, which looks once, to one
    /// day.
    /// </summary>
    [TimeRange("00:00:00", Longest)]
    public TimeSpan? CreationSettleTime { get; set; }

    /// <summary>
    /// Gets or sets the maximum number of calls within <see cref="CallWindow"/>, counted over all clients in the process that use the same
    /// credential. Further calls wait. No sliding window at the vendor gets more calls, however long requests take. Null for no limit. The
    /// options of each vendor describe its default.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? CallsPerWindow { get; set; }

    /// <summary>Gets or sets the sliding window for <see cref="CallsPerWindow"/>. The default is 10 seconds.</summary>
    [TimeRange(Shortest, Longest)]
    public TimeSpan CallWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets whether calls wait when the vendor's <c>RateLimit-Limit</c>, <c>RateLimit-Remaining</c> and <c>RateLimit-Reset</c>
    /// headers say that its quota is used up, before the vendor refuses them. The default is true. <see cref="MaxRetryAfter"/> limits the
    /// wait.
    /// </summary>
    public bool FollowRateLimitHeaders { get; set; } = true;

    /// <summary>
    /// Gets or sets the maximum number of open network connections to the vendor. Further requests wait for one of them within
    /// <see cref="AttemptTimeout"/>. The default is 32. It is read once, when the connection is opened. It applies only to the SDK's own
    /// transport. A transport from the program has its own limit, <c>MaxConnectionsPerServer</c>.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = DefaultMaxConnections;

    /// <summary>Gets or sets the maximum size of a response in bytes, after decompression. The default is 16 MiB.</summary>
    [Range(1, int.MaxValue)]
    public int MaxResponseBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Gets or sets a text for the <c>User-Agent</c> header of each request, so that the vendor or a firewall can identify the program: one
    /// or more products in the form of RFC 9110, for example <c>InventoryJob/2.1</c>. It follows <c>Tokenwright/VERSION (PACKAGE)</c>.
    /// Null, the default, adds nothing.
    /// </summary>
    public string? UserAgent { get; set; }

    /// <summary>
    /// Gets the key by which the vendor counts calls. Clients whose options return the same key share a rate limiter. The key can contain a
    /// secret (<see cref="ScopeOf"/>); only its hash is stored.
    /// </summary>
    protected internal abstract string RateLimitScope { get; }

    /// <summary>
    /// Gets all secrets of the options by property name. They are validated when the connection is opened, and redacted in the vendor's
    /// messages.
    /// </summary>
    protected internal abstract IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets { get; }

    /// <summary>
    /// Gets the options that are read once, when the connection is opened, by name. If a reload changes one of them, the change has no
    /// effect and is logged. The options of a vendor add their own to those of the base class.
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
        new(nameof(CertificateAuthorityFile), CertificateAuthorityFile),
        new(nameof(ClientCertificateFile), ClientCertificateFile),
        new(nameof(ClientCertificateKeyFile), ClientCertificateKeyFile),
        new(nameof(ClientCertificatePassword), ClientCertificatePassword?.Identity),
        new(nameof(Proxy), Proxy),
        new(nameof(ProxyUsername), ProxyUsername),
        new(nameof(ProxyPassword), ProxyPassword?.Identity),
        new(nameof(AllowHttp), AllowHttp),
    ];

    /// <summary>Sets the secrets from configuration: <c>Token = read(nameof(Token)) ?? Token</c>.</summary>
    /// <param name="read">Reads the source of a secret by property name; null if the configuration doesn't have it.</param>
    protected internal abstract void BindSecrets(Func<string, SecretSource?> read);

    /// <summary>
    /// Gets what distinguishes a secret from others in <see cref="RateLimitScope"/>: its value, or its source until it is read.
    /// </summary>
    /// <param name="source">The secret; null for none.</param>
    protected static string? ScopeOf(SecretSource? source) => source?.Scope;

    /// <summary>Gets the id that a source gave last with its secret; null if it gave none yet. Nothing is read.</summary>
    /// <param name="source">The secret; null for none.</param>
    protected static string? IdOf(SecretSource? source) => source?.SeenId;

    /// <summary>Determines whether a source can give an id with its secret, so that the options need not have it.</summary>
    /// <param name="source">The secret; null for none.</param>
    protected static bool CanGiveId(SecretSource? source) => source?.CanGiveId == true;

    /// <summary>Finds the problems of these options that aren't a matter of one property's range.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>One sentence for each problem, with the property's name; empty if the options are valid.</returns>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
        => FindProblems().Select(problem => new ValidationResult(problem));

    /// <summary>Finds the problems of these options that aren't a matter of one property's range, as sentences.</summary>
    internal IEnumerable<string> FindProblems()
    {
        var problems = new List<string>();
        ValidateAddress(problems);
        ValidateTimes(problems);
        ValidateUserAgent(problems);
        foreach (var (name, secret) in AllSecrets)
        {
            if (secret?.Problem(name) is { } problem)
                problems.Add(problem);
        }

        problems.AddRange(FindTransportProblems());
        problems.AddRange(ValidateVendor());
        return problems;
    }

    /// <summary>
    /// Creates a copy that later changes of these options don't affect. The certificates that validation has read go to the copy, so that
    /// the next connection with these options reads the files again.
    /// </summary>
    internal ConnectionOptions Copy()
    {
        var copy = (ConnectionOptions)MemberwiseClone();
        _certificates = null;
        return copy;
    }

    /// <summary>
    /// Checks an id that can become a segment of a path. It must not contain a slash, or anything that <see cref="TokenReference.ById"/>
    /// refuses.
    /// </summary>
    /// <param name="member">The property's name.</param>
    /// <param name="id">The id; null is valid.</param>
    /// <returns>A sentence that begins with the property's name; null if the id is valid.</returns>
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

    /// <summary>Finds the problems of the vendor's own options.</summary>
    /// <returns>One sentence for each problem, with the property's name; empty if the options are valid.</returns>
    protected abstract IEnumerable<string> ValidateVendor();

    private void ValidateAddress(List<string> problems)
    {
        if (BaseAddress is null)
            problems.Add($"{nameof(BaseAddress)} is missing.");
        else if (!BaseAddress.IsAbsoluteUri)
            problems.Add($"{nameof(BaseAddress)} '{BaseAddress}' is not an absolute address; write it with its scheme, https://….");
        else if (BaseAddress.Scheme != Uri.UriSchemeHttps && !(IsHttp(BaseAddress) && (AllowHttp || IsLoopback(BaseAddress))))
            problems.Add($"{nameof(BaseAddress)} '{BaseAddress.Scheme}://{BaseAddress.Authority}' would send the credential unencrypted; " +
                $"use https (http is taken for loopback addresses only, or if {nameof(AllowHttp)} is true).");
        else if (BaseAddress.UserInfo.Length > 0 || BaseAddress.Query.Length > 0 || BaseAddress.Fragment.Length > 0)
            problems.Add($"{nameof(BaseAddress)} must have no user, query or fragment part; credentials have options of their own.");
    }

    private void ValidateTimes(List<string> problems)
    {
        if (TotalTimeout < AttemptTimeout)
            problems.Add($"{nameof(TotalTimeout)} ({TotalTimeout}) must not be shorter than {nameof(AttemptTimeout)} ({AttemptTimeout}).");
        if (MaxRetries > 0 && RetryDelay >= TotalTimeout)
            problems.Add($"{nameof(RetryDelay)} ({RetryDelay}) must be shorter than {nameof(TotalTimeout)} ({TotalTimeout}), else no " +
                $"retry ever happens; for none, set {nameof(MaxRetries)} to 0.");
    }

    private void ValidateUserAgent(List<string> problems)
    {
        using var request = new HttpRequestMessage();
        if (UserAgent is not null && (string.IsNullOrWhiteSpace(UserAgent) || !request.Headers.UserAgent.TryParseAdd(UserAgent)))
            problems.Add($"{nameof(UserAgent)} must be one or more products in the form of RFC 9110, for example 'InventoryJob/2.1'.");
    }

    private static bool IsLoopback(Uri address)
        => address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));
}
