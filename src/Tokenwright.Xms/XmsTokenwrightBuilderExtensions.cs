using Microsoft.Extensions.Configuration;
using Tokenwright;
using Tokenwright.Xms;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds XMS connections to a container.</summary>
public static class XmsTokenwrightBuilderExtensions
{
    /// <summary>Adds a connection whose options are set in code.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name: the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">A connection of this name is there already.</exception>
    public static TokenConnectionBuilder AddXms(this TokenwrightBuilder builder, string name, Action<XmsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(XmsVendor.Instance, name, configure);
    }

    /// <summary>Adds a connection whose options are read from a configuration section; an unknown key there is an error.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name: the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configuration">The section that holds the members of <see cref="XmsOptions"/>.</param>
    /// <exception cref="InvalidOperationException">A connection of this name is there already.</exception>
    public static TokenConnectionBuilder AddXms(this TokenwrightBuilder builder, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(XmsVendor.Instance, name, configuration);
    }
}
