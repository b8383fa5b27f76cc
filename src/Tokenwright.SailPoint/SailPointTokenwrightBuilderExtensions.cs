using Microsoft.Extensions.Configuration;
using Tokenwright;
using Tokenwright.SailPoint;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides methods to add SailPoint connections to a container.</summary>
public static class SailPointTokenwrightBuilderExtensions
{
    /// <summary>Adds a connection whose options are set in code.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name, which is the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">A connection with this name exists already.</exception>
    public static TokenConnectionBuilder AddSailPoint(this TokenwrightBuilder builder, string name, Action<SailPointOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(SailPointVendor.Instance, name, configure);
    }

    /// <summary>Adds a connection whose options are read from a configuration section. An unknown key is an error.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name, which is the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configuration">The section with the properties of <see cref="SailPointOptions"/>.</param>
    /// <exception cref="InvalidOperationException">A connection with this name exists already.</exception>
    public static TokenConnectionBuilder AddSailPoint(this TokenwrightBuilder builder, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(SailPointVendor.Instance, name, configuration);
    }
}
