namespace Tokenwright;

/// <summary>How the health of a connection is found out.</summary>
public sealed class TokenHealthCheckOptions
{
    /// <summary>Gets or sets how long before its expiry the connection's own credential makes it degraded. 14 days by default.</summary>
    public TimeSpan ExpiryWarning { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// Gets or sets how long a result is given again before the vendor is asked anew; probes come more often than a vendor's rate limit
    /// should be spent on. 30 seconds by default, zero asks for each probe. What is said of the credential's end is by the clock of each
    /// probe.
    /// </summary>
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets the read that is asked of the vendor. It gives the record of the connection's own credential, or null where that has
    /// none, whose end is then not looked at. By default it is <c>GetAsync(TokenReference.Self)</c> where the capabilities have that, else
    /// the first page of the list. Set it where the credential may not read itself, for example at SailPoint for an API client, which is no
    /// personal access token, or at fimidara for a user's session. It is shared by the probes that come while it is under way, and must end
    /// by itself, as the client's calls do.
    /// </summary>
    public Func<ITokenClient, Task<ApiToken?>> ReadAsync { get; set; } = TokenHealthCheck.ReadOwnAsync;
}
