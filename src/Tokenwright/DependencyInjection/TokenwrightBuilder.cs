using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright;

/// <summary>Registers the connections of a container.</summary>
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

    /// <summary>Adds a connection whose options are set in code.</summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor.</param>
    /// <param name="name">The connection's name, which is the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">A connection with this name exists already.</exception>
    public TokenConnectionBuilder AddConnection<[
        DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        TokenVendor<TOptions> vendor, string name, Action<TOptions> configure)
        where TOptions : ConnectionOptions, new()
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(vendor, name, options => options.Configure(configure));
    }

    /// <summary>Adds a connection whose options are read from configuration. An unknown key is an error.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="name">The connection's name, which is the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configuration">The configuration section with the options.</param>
    /// <param name="readSecret">
    /// Reads the source of a secret; null for <see cref="SecretSource.FromConfiguration"/>. A program with other sources, such as a vault
    /// or the output of a command, reads its own keys here.
    /// </param>
    /// <exception cref="InvalidOperationException">A connection with this name exists already.</exception>
    public TokenConnectionBuilder AddConnection(
        TokenVendor vendor, string name, IConfiguration configuration, Func<IConfigurationSection, SecretSource?>? readSecret = null)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        ArgumentNullException.ThrowIfNull(configuration);
        return vendor.AddTo(this, name, configuration, readSecret ?? SecretSource.FromConfiguration);
    }

    /// <summary>
    /// Adds all connections of a configuration, which has the form of the connections file: <c>VENDOR:CONNECTION:OPTION</c>. Connections
    /// that are added to the configuration later are ignored.
    /// </summary>
    /// <param name="configuration">The section whose children are the names of vendors, in any case.</param>
    /// <param name="vendors">The vendors that the configuration can contain.</param>
    /// <param name="readSecret">Reads the source of a secret; null for <see cref="SecretSource.FromConfiguration"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// The configuration contains a vendor that isn't in <paramref name="vendors"/>, or two connections have the same name.
    /// </exception>
    /// <example>
    /// <code>
    /// services.AddTokenwright().AddConnections(configuration.GetSection("Tokenwright"), TokenVendors.All);
    /// </code>
    /// </example>
    public TokenwrightBuilder AddConnections(
        IConfiguration configuration, IReadOnlyCollection<TokenVendor> vendors,
        Func<IConfigurationSection, SecretSource?>? readSecret = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(vendors);
        foreach (var section in configuration.GetChildren())
        {
            var vendor = vendors.FirstOrDefault(vendor => string.Equals(vendor.Name, section.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidOperationException(
                    $"'{section.Path}' in the configuration is not a vendor; known are {string.Join(", ", vendors)}.");
            foreach (var connection in section.GetChildren())
                AddConnection(vendor, connection.Key, connection, readSecret);
        }

        return this;
    }

    internal TokenConnectionBuilder AddConnection<[
        DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        TokenVendor<TOptions> vendor, ConnectionSection section)
        where TOptions : ConnectionOptions, new()
    {
        var builder = Add(vendor, section.Name, options => options.Configure(present => section.Bind(vendor, present)));
        Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(
            new ConfigurationChangeTokenSource<TOptions>(section.Name, section.Configuration));
        Services.AddSingleton(section);
        return builder;
    }

    private TokenConnectionBuilder Add<[
        DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        TokenVendor<TOptions> vendor, string name, Action<OptionsBuilder<TOptions>> configure)
        where TOptions : ConnectionOptions, new()
    {
        ArgumentNullException.ThrowIfNull(vendor);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _connections.Add(new TokenConnection(vendor.Name, name));

        configure(Services.AddOptions<TOptions>(name));
        Services.AddSingleton<IValidateOptions<TOptions>>(new NamedValidator<TOptions>(vendor, name));
        Services.AddOptionsWithValidateOnStart<TOptions>(name);
        Services.TryAddSingleton<LastGoodOptions<TOptions>>();
        Services.TryAddTransient<IOptionsFactory<TOptions>, ConnectionOptionsFactory<TOptions>>();

        // One handler serves the connection for its whole life, because it renews its sockets itself. The factory's loggers are removed,
        // because they log complete addresses.
        var httpClientName = $"Tokenwright:{name}";
        var http = Services.AddHttpClient(httpClientName)
            .ConfigurePrimaryHttpMessageHandler(
                provider => VendorConnection.CreateTransport(provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name)))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureAdditionalHttpMessageHandlers((handlers, provider) => RemoveResilienceHandlers(handlers, vendor.Name, name, provider))
            .RemoveAllLoggers();

        var connection = new TokenConnectionBuilder(Services, name, http);
        Services.AddKeyedSingleton(name, (provider, _) =>
        {
            var options = provider.GetRequiredService<IOptionsMonitor<TOptions>>();
            var transport = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(httpClientName);
            var clock = provider.GetRequiredService<TimeProvider>();
            var logs = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
            var environment = new ConnectionEnvironment
                { Transport = transport, OwnsTransport = true, TimeProvider = clock, LoggerFactory = logs };
            var open = VendorConnection.Open(vendor, name, () => options.Get(name), environment);
            options.OnChange((present, changed) =>
            {
                if (changed == name)
                    open.Reloaded(present);
            });

            // These decorators are innermost, so that they observe the vendor's results and not those of the program's decorators.
            var observed = new TokenClientBuilder(vendor.CreateClient(open, () => options.Get(name)))
                .UseTelemetry(clock).UseLogging(logs, clock).Build();
            return connection.Decorate(observed, provider);
        });
        return connection;
    }

    // A program's defaults for all HTTP clients can retry, hedge or limit the time. They don't know which calls must not be sent twice, and
    // end calls before the connection's own timeouts. Handlers that the program adds to this connection's client come later and stay.
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

    private sealed class NamedValidator<TOptions>(TokenVendor<TOptions> vendor, string connection) : IValidateOptions<TOptions>
        where TOptions : ConnectionOptions, new()
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
            => name == connection ? VendorConnection.Check(vendor, connection, options) : ValidateOptionsResult.Skip;
    }
}
