using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tokenwright;
using Tokenwright.Rotation;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides methods to add rotations to a container.</summary>
public static class RotationServiceCollectionExtensions
{
    private const string HealthCheckName = "tokenwright-rotation";

    /// <summary>
    /// Adds a <see cref="TokenRotator"/> for lineages whose connections are in the container, and a background service that runs what is
    /// due.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">Rotations were added before, or an option is missing or wrong.</exception>
    /// <example>
    /// <code>
    /// using Tokenwright.Rotation;
    ///
    /// services.AddTokenwright().AddSailPoint("identity", configuration.GetSection("SailPoint"));
    /// services.AddRotation(options =&gt;
    /// {
    ///     options.JournalPath = "/var/lib/app/rotation.db";
    ///     options.CreateSealer = _ =&gt; SecretSealer.AesGcm(new SecretSource { File = "/run/secrets/rotation-key" });
    ///     options.Lineages.Add(new TokenLineage
    ///     {
    ///         Name = "nightly-export",
    ///         Connection = "identity",
    ///         CreateRequest = name =&gt; new CreateTokenRequest { Name = name, Scopes = [new("sp:scopes:default")] },
    ///         Sinks = [new FileSecretSink("/run/app/export.json")],
    ///     });
    /// });
    /// </code>
    /// </example>
    public static IServiceCollection AddRotation(this IServiceCollection services, Action<RotationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(service => service.ServiceType == typeof(TokenRotator)))
            throw new InvalidOperationException("Rotations were added already. Add all lineages in one call.");
        var options = new RotationOptions();
        configure(options);
        if (options.Problems().ToList() is { Count: > 0 } problems)
            throw new InvalidOperationException(string.Join(' ', problems));

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => options.CreateJournal?.Invoke(provider) ?? SqliteRotationJournal.Open(options.JournalPath!));
        services.AddSingleton(provider => new TokenRotator(new TokenRotatorOptions
        {
            Lineages = [.. options.Lineages],
            Journal = provider.GetRequiredService<IRotationJournal>(),
            Sealer = options.CreateSealer!(provider),
            GetClient = provider.GetRequiredKeyedService<ITokenClient>,
            OnEvent = options.OnEvent,
            MaxConcurrency = options.MaxConcurrency,
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
            LoggerFactory = provider.GetService<ILoggerFactory>(),
        }));
        if (options.RunInBackground)
            services.AddSingleton<IHostedService>(provider => new RotationService(
                provider.GetRequiredService<TokenRotator>(), options.Interval, provider.GetRequiredService<TimeProvider>(),
                provider.GetService<ILoggerFactory>()));
        return services;
    }

    /// <summary>
    /// Adds a health check of the rotations. It is unhealthy, or has the given failure status, if the token in use of a lineage has expired
    /// or the journal can't be read. It is degraded if a lineage needs attention or has no token yet. It doesn't call a vendor.
    /// </summary>
    /// <param name="builder">The builder of <c>AddHealthChecks()</c>.</param>
    /// <param name="failureStatus">The status of a failed check; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The tags of the check.</param>
    /// <param name="timeout">The maximum time for the check; null for no limit.</param>
    public static IHealthChecksBuilder AddTokenwrightRotation(
        this IHealthChecksBuilder builder, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            HealthCheckName,
            provider => new RotationHealthCheck(
                provider.GetRequiredService<TokenRotator>(), provider.GetRequiredService<TimeProvider>()),
            failureStatus, tags, timeout));
    }
}
