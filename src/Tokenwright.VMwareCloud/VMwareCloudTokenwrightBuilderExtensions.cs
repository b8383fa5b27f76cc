using Microsoft.Extensions.Configuration;
using Tokenwright;
using Tokenwright.VMwareCloud;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides methods to add VMware Cloud Services connections to a container.</summary>
public static class VMwareCloudTokenwrightBuilderExtensions
{
    /// <summary>Adds a connection whose options are set in code.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name, which is the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">A connection with this name exists already.</exception>
    public static TokenConnectionBuilder AddVMwareCloud(this TokenwrightBuilder builder, string name, Action<VMwareCloudOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(VMwareCloudVendor.Instance, name, configure);
    }

    /// <summary>Adds a connection whose options are read from a configuration section. An unknown key is an error.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name, which is the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configuration">The section with the properties of <see cref="VMwareCloudOptions"/>.</param>
    /// <exception cref="InvalidOperationException">A connection with this name exists already.</exception>
    public static TokenConnectionBuilder AddVMwareCloud(this TokenwrightBuilder builder, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(VMwareCloudVendor.Instance, name, configuration);
    }
}
