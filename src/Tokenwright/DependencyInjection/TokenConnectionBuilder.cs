using Microsoft.Extensions.DependencyInjection;

namespace Tokenwright;

/// <summary>Configures one registered connection.</summary>
public sealed class TokenConnectionBuilder
{
    private readonly List<Func<ITokenClient, IServiceProvider, ITokenClient>> _decorators = [];

    internal TokenConnectionBuilder(IServiceCollection services, string name, IHttpClientBuilder http)
    {
        Services = services;
        Name = name;
        Http = http;
    }

    /// <summary>Gets the container's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Gets the connection's name.</summary>
    public string Name { get; }

    /// <summary>
    /// Gets the builder of the named HTTP client below the SDK's own pipeline, to add handlers or another transport. Certificates and the
    /// proxy are options of the connection; with another transport, they are refused.
    /// </summary>
    public IHttpClientBuilder Http { get; }

    /// <summary>Adds a decorator to the connection's client. The first one is the outermost.</summary>
    /// <param name="decorator">Wraps the given client.</param>
    /// <returns>This builder.</returns>
    public TokenConnectionBuilder Use(Func<ITokenClient, IServiceProvider, ITokenClient> decorator)
    {
        ArgumentNullException.ThrowIfNull(decorator);
        _decorators.Add(decorator);
        return this;
    }

    internal ITokenClient Decorate(ITokenClient client, IServiceProvider provider)
    {
        var builder = new TokenClientBuilder(client);
        foreach (var decorator in _decorators)
            builder.Use(inner => decorator(inner, provider));
        return builder.Build();
    }
}
