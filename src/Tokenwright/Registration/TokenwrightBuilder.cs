using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>Collects the connections of a container.</summary>
public sealed class TokenwrightBuilder
{
    private static readonly string[] KnownResilienceHandlers =
        ["Microsoft.Extensions.Http.Resilience.", "Microsoft.Extensions.Http.PolicyHttpMessageHandler"];

    private readonly TokenConnections _connections;

    internal TokenwrightBuilder(IServiceCollection services, TokenConnections connections)
    {
        Services = services;
        _connections = connections;
    }

    /// <summary>Gets the container's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds a connection whose options are set in code. Vendor packages call this; programs call the vendor's own method.
    /// </summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor's name as this SDK writes it.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="configure">Sets the options.</param>
    /// <param name="validator">Checks the options, when the program starts.</param>
    /// <param name="create">Makes the adapter from the open connection and whatever gives the present options.</param>
    /// <exception cref="InvalidOperationException">A connection of this name is there already.</exception>
    public TokenConnectionBuilder AddConnection<[
        DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        string vendor, string name,
            Action<TOptions> configure, IValidateOptions<TOptions> validator, Func<VendorConnection, Func<TOptions>, ITokenClient> create)
        where TOptions : ConnectionOptions
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(vendor, name, options => options.Configure(configure), validator, create);
    }

    /// <summary>
    /// Adds a connection whose options are read from configuration; an unknown key there is an error. Vendor packages call this; programs
    /// call the vendor's own method.
    /// </summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor's name as this SDK writes it.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="configuration">The section that holds the options.</param>
    /// <param name="bind">
    /// Reads the options from the section: <c>section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true)</c>, written where
    /// the type of the options is known, so that the framework's generator can do it without reflection. Secrets are read apart.
    /// </param>
    /// <param name="validator">Checks the options, when the program starts.</param>
    /// <param name="create">Makes the adapter from the open connection and whatever gives the present options.</param>
    /// <exception cref="InvalidOperationException">A connection of this name is there already.</exception>
    public TokenConnectionBuilder AddConnection<[
        DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        string vendor,
        string name,
        IConfiguration configuration,
        Action<IConfiguration, TOptions> bind,
        IValidateOptions<TOptions> validator,
        Func<VendorConnection, Func<TOptions>, ITokenClient> create)
        where TOptions : ConnectionOptions
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(bind);
        Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(new ConfigurationChangeTokenSource<TOptions>(name, configuration));
        Services.AddSingleton(new ConnectionSection(name, configuration));
        return Add(
            vendor,
            name,
            options => options.Configure(present => ConnectionSection.Bind(vendor, name, configuration, () =>
            {
                bind(configuration, present);
                present.BindSecrets(configuration);
            })),
            validator,
            create);
    }

    private TokenConnectionBuilder Add<[
        DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        string vendor,
        string name,
        Action<OptionsBuilder<TOptions>> configure,
        IValidateOptions<TOptions> validator,
        Func<VendorConnection, Func<TOptions>, ITokenClient> create)
        where TOptions : ConnectionOptions
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(vendor);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(validator);
        ArgumentNullException.ThrowIfNull(create);
        _connections.Add(new TokenConnection(vendor, name));

        configure(Services.AddOptions<TOptions>(name));
        Services.AddSingleton<IValidateOptions<TOptions>>(new NamedValidator<TOptions>(vendor, name, validator));
        Services.AddOptionsWithValidateOnStart<TOptions>(name);
        Services.TryAddSingleton<LastGoodOptions<TOptions>>();
        Services.TryAddTransient<IOptionsFactory<TOptions>, ConnectionOptionsFactory<TOptions>>();

        // One handler for the connection's life: it renews its sockets itself. The factory's loggers print whole addresses, so they go.
        var httpClientName = $"Tokenwright:{name}";
        var http = Services.AddHttpClient(httpClientName)
            .ConfigurePrimaryHttpMessageHandler(
                provider => VendorConnection.CreateTransport(provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name)))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureAdditionalHttpMessageHandlers((handlers, provider) => RemoveResilienceHandlers(handlers, vendor, name, provider))
            .RemoveAllLoggers();

        var connection = new TokenConnectionBuilder(Services, name, http);
        Services.AddKeyedSingleton(name, (provider, _) =>
        {
            var options = provider.GetRequiredService<IOptionsMonitor<TOptions>>();
            var transport = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(httpClientName);
            var clock = provider.GetRequiredService<TimeProvider>();
            var logs = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
            var open = VendorConnection.Open(vendor, name, () => options.Get(name), validator, transport, ownsTransport: true, clock, logs);
            options.OnChange((present, changed) =>
            {
                if (changed == name)
                    open.Reloaded(present);
            });

            // Innermost, so that they see what the vendor did, whatever a program's own decorators make of it.
            var observed =
                new TokenClientBuilder(create(open, () => options.Get(name))).UseTelemetry(clock).UseLogging(logs, clock).Build();
            return connection.Decorate(observed, provider);
        });
        return connection;
    }

    // What a program's defaults for all of its HTTP clients add to retry, to hedge or to limit time knows nothing of calls that must not be
    // sent twice, and ends them before the connection's own times. What the program adds to this connection's client comes later and stays.
    private static void RemoveResilienceHandlers(
        IList<DelegatingHandler> handlers, string vendor, string connection, IServiceProvider provider)
    {
        for (var i = handlers.Count - 1; i >= 0; i--)
        {
            var handler = handlers[i].GetType().FullName!;
            if (!KnownResilienceHandlers.Any(known => handler.StartsWith(known, StringComparison.Ordinal)))
                continue;
            handlers.RemoveAt(i);
            new ConnectionEvents(vendor, connection, provider.GetService<ILoggerFactory>()).LeftOut(handler);
        }
    }

    private sealed class NamedValidator<TOptions>(string vendor, string connection, IValidateOptions<TOptions> validator)
        : IValidateOptions<TOptions>
        where TOptions : ConnectionOptions
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
            => name == connection ? VendorConnection.Check(vendor, connection, options, validator) : ValidateOptionsResult.Skip;
    }
}
