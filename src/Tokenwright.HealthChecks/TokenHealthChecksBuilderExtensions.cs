using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tokenwright;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides methods to add health checks for Tokenwright's connections.</summary>
/// <remarks>
/// A connection is healthy if its vendor responds to a cheap read. It is degraded if its own credential expires soon, or if the vendor
/// refuses the read because of a missing right or too many calls. It is unhealthy, or has the given failure status, if the vendor can't be
/// reached or refuses the credential, or if the credential has expired.
/// </remarks>
public static class TokenHealthChecksBuilderExtensions
{
    private const string Prefix = "tokenwright:";

    /// <summary>
    /// Adds a check for each connection of the container, whether it is registered before or after this call. The name of a check is
    /// <c>tokenwright:</c> followed by the connection's name.
    /// </summary>
    /// <param name="builder">The builder of <c>AddHealthChecks()</c>.</param>
    /// <param name="configure">Sets the options of all these checks; null for the defaults.</param>
    /// <param name="failureStatus">The status of a failed check; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The tags of the checks.</param>
    /// <param name="timeout">The maximum time for a check; null for the connection's own timeouts.</param>
    /// <exception cref="InvalidOperationException">The container has no connections. The first check throws it.</exception>
    public static IHealthChecksBuilder AddTokenwright(
        this IHealthChecksBuilder builder, Action<TokenHealthCheckOptions>? configure = null, HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, TimeSpan? timeout = null)
        => Add(builder, null, configure, failureStatus, tags, timeout);

    /// <summary>
    /// Adds a check for one connection, whether it is registered before or after this call. The name of the check is <c>tokenwright:</c>
    /// followed by the connection's name.
    /// </summary>
    /// <param name="builder">The builder of <c>AddHealthChecks()</c>.</param>
    /// <param name="connection">The connection's name.</param>
    /// <param name="configure">Sets the options of the check; null for the defaults.</param>
    /// <param name="failureStatus">The status of a failed check; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The tags of the check.</param>
    /// <param name="timeout">The maximum time for a check; null for the connection's own timeouts.</param>
    /// <exception cref="InvalidOperationException">The container has no connection with this name. The first check throws it.</exception>
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

        // This runs when the checks are first needed. By then, all connections are registered.
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
                $"A health check was added for the connection '{only}', which doesn't exist; known are " +
                $"{string.Join(", ", all.Select(connection => $"'{connection.Name}'"))}.");
}
