using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tokenwright;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health of Tokenwright's connections to a program's health checks.</summary>
/// <remarks>
/// A connection is healthy as long as its vendor responds to a cheap read; degraded while its own credential is about to expire, or where
/// the vendor refuses the read for a missing right or for too many calls; unhealthy, or what is given for it, when the vendor can't be
/// reached, refuses the credential, or the credential has ended.
/// </remarks>
public static class TokenHealthChecksBuilderExtensions
{
    private const string Prefix = "tokenwright:";

    /// <summary>
    /// Adds a check for each connection of the container, named <c>tokenwright:</c> and the connection's name, whether it is registered
    /// before or after this.
    /// </summary>
    /// <param name="builder">The builder of <c>AddHealthChecks()</c>.</param>
    /// <param name="configure">Sets the options of all these checks; null for the defaults.</param>
    /// <param name="failureStatus">What a failed check reports; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to select checks by.</param>
    /// <param name="timeout">How long a check may take; null leaves it to the connection's own times.</param>
    /// <exception cref="InvalidOperationException">Thrown at the first check: the container has no connections.</exception>
    public static IHealthChecksBuilder AddTokenwright(
        this IHealthChecksBuilder builder, Action<TokenHealthCheckOptions>? configure = null, HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, TimeSpan? timeout = null)
        => Add(builder, null, configure, failureStatus, tags, timeout);

    /// <summary>
    /// Adds a check for one connection, named <c>tokenwright:</c> and the connection's name, whether it is registered before or after this.
    /// </summary>
    /// <param name="builder">The builder of <c>AddHealthChecks()</c>.</param>
    /// <param name="connection">The connection's name.</param>
    /// <param name="configure">Sets the options of the check; null for the defaults.</param>
    /// <param name="failureStatus">What a failed check reports; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to select checks by.</param>
    /// <param name="timeout">How long a check may take; null leaves it to the connection's own times.</param>
    /// <exception cref="InvalidOperationException">Thrown at the first check: the container has no connection of this name.</exception>
    public static IHealthChecksBuilder AddTokenwright(
        this IHealthChecksBuilder builder,
        string connection,
        Action<TokenHealthCheckOptions>? configure = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connection);
        return Add(builder, connection, configure, failureStatus, tags, timeout);
    }

    private static IHealthChecksBuilder Add(
        IHealthChecksBuilder builder, string? only,
        Action<TokenHealthCheckOptions>? configure, HealthStatus? failureStatus, IEnumerable<string>? tags, TimeSpan? timeout)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new TokenHealthCheckOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ExpiryWarning, TimeSpan.Zero, nameof(TokenHealthCheckOptions.ExpiryWarning));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheDuration, TimeSpan.Zero, nameof(TokenHealthCheckOptions.CacheDuration));
        ArgumentNullException.ThrowIfNull(options.ReadAsync, nameof(TokenHealthCheckOptions.ReadAsync));
        string[] tagged = [.. tags ?? []];

        // Done when the checks are first asked for: by then all connections are known.
        builder.Services.AddOptions<HealthCheckServiceOptions>().Configure<IServiceProvider>((checks, provider) =>
        {
            foreach (var connection in Find(provider.GetService<TokenConnections>()?.All ?? [], only))
            {
                var check = new Lazy<TokenHealthCheck>(() => new(
                    provider.GetRequiredKeyedService<ITokenClient>(connection.Name), options, provider.GetRequiredService<TimeProvider>()));
                checks.Registrations.Add(
                    new HealthCheckRegistration(Prefix + connection.Name, _ => check.Value, failureStatus, tagged, timeout));
            }
        });
        return builder;
    }

    private static IEnumerable<TokenConnection> Find(IReadOnlyList<TokenConnection> all, string? only)
        => all.Count == 0 ? throw new InvalidOperationException(
            "Health checks of Tokenwright's connections were added, but no connection; add one to AddTokenwright().")
            : only is null ? all
            : all.Where(connection => connection.Name == only).ToList() is { Count: > 0 } found ? found
            : throw new InvalidOperationException(
                $"A health check was added for the connection '{only}', which there is none of; known are " +
                $"{string.Join(", ", all.Select(connection => $"'{connection.Name}'"))}.");
}
