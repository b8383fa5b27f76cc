using Unleash.Tokens;
using Microsoft.Extensions.Configuration;
using Tokenwright;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Unleash connections to a container.</summary>
public static class UnleashTokenwrightBuilderExtensions
{
    /// <summary>Adds a connection whose options are set in code.</summary>
    /// <param name="builder">The builder of <c>AddTokenwright()</c>.</param>
    /// <param name="name">The connection's name: the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configure">Sets the options.</param>
    public static TokenConnectionBuilder AddUnleash(this TokenwrightBuilder builder, string name, Action<UnleashOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(UnleashVendor.Instance, name, configure);
    }

    /// <summary>Adds a connection whose options are read from a configuration section. An unknown key in the section is an error.</summary>
    /// <param name="builder">The builder of <c>AddTokenwright()</c>.</param>
    /// <param name="name">The connection's name: the key of its <see cref="ITokenClient"/>.</param>
    /// <param name="configuration">The section that holds the members of <see cref="UnleashOptions"/>.</param>
    public static TokenConnectionBuilder AddUnleash(this TokenwrightBuilder builder, string name, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(UnleashVendor.Instance, name, configuration);
    }
}
