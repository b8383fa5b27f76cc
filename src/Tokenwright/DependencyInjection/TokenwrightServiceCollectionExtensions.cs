using Microsoft.Extensions.DependencyInjection.Extensions;
using Tokenwright;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides a method to add Tokenwright to a container.</summary>
public static class TokenwrightServiceCollectionExtensions
{
    /// <summary>
    /// Adds Tokenwright to a container. Each vendor package adds a method to the returned builder: <c>AddTokenwright().AddSailPoint("prod",
    /// …)</c> registers a keyed singleton <see cref="ITokenClient"/> with the key <c>prod</c>.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <returns>A builder for connections. Several calls of this method add to the same set of connections.</returns>
    /// <example>
    /// <code>
    /// services.AddTokenwright().AddSailPoint("identity", configuration.GetSection("SailPoint"));
    /// </code>
    /// </example>
    public static TokenwrightBuilder AddTokenwright(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        var connections =
            services.FirstOrDefault(service => service.ServiceType == typeof(TokenConnections))?.ImplementationInstance as TokenConnections;
        if (connections is null)
            services.AddSingleton(connections = new TokenConnections());
        return new TokenwrightBuilder(services, connections);
    }
}
