using Microsoft.Extensions.Configuration;
using Tokenwright;
using Tokenwright.Fimidara;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds fimidara connections to a container.</summary>
public static class FimidaraTokenwrightBuilderExtensions
{
    /// <summary>Adds a connection whose options are set in code.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name: the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">A connection of this name is there already.</exception>
    public static TokenConnectionBuilder AddFimidara(this TokenwrightBuilder builder, string name, Action<FimidaraOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(FimidaraVendor.Instance, name, configure);
    }

    /// <summary>Adds a connection whose options are read from a configuration section; an unknown key there is an error.</summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="name">The connection's name: the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configuration">The section that holds the members of <see cref="FimidaraOptions"/>.</param>
    /// <exception cref="InvalidOperationException">A connection of this name is there already.</exception>
    public static TokenConnectionBuilder AddFimidara(this TokenwrightBuilder builder, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(FimidaraVendor.Instance, name, configuration);
    }
}
