namespace Tokenwright;

/// <summary>Provides the options of a connection's health check.</summary>
public sealed class TokenHealthCheckOptions
{
    /// <summary>
    /// Gets or sets how long before the expiry of its own credential a connection becomes degraded. The default is 14 days.
    /// </summary>
    public TimeSpan ExpiryWarning { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// Gets or sets how long a result is reused before the vendor is asked again, because frequent probes must not use up a vendor's rate
    /// limit. The default is 30 seconds; zero asks for each probe. The remaining time of the credential is computed again for each probe.
    /// </summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets the function that reads from the vendor. It returns the record of the connection's own credential, or null if there is
    /// none. The expiry isn't checked then. By default, it is <c>GetAsync(TokenReference.Self)</c> if the capabilities include it,
    /// otherwise it reads the first page of the list. Set it if the credential isn't allowed to read itself, for example for an API client
    /// at SailPoint or for a user's session at fimidara. Concurrent probes share one call of the function, which must end by itself, as the
    /// client's calls do.
    /// </summary>
    public Func<ITokenClient, Task<ApiToken?>> ReadAsync { get; set; } = TokenHealthCheck.ReadOwnAsync;
}
