using Microsoft.Extensions.Configuration;
using Tokenwright;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the connections of a configuration to a container.</summary>
public static class TokenVendorsTokenwrightBuilderExtensions
{
    /// <summary>
    /// Adds all connections of a configuration, of whichever vendor, in the form of the connections file of the tool <c>tokenwright</c>:
    /// <c>{ "SailPoint": { "identity": { "ClientId": … } } }</c>. What is added to the configuration later is not picked up.
    /// </summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="configuration">The section whose children are vendors: usually <c>Tokenwright</c>.</param>
    /// <param name="readSecret">
    /// Reads where a secret comes from; null for <see cref="SecretSource.FromConfiguration"/>, which knows text, <c>File</c> and
    /// <c>EnvironmentVariable</c>. Only a program that reads them here takes secrets from other places, such as what a command prints.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The configuration names an unknown vendor, or two connections have the same
    /// name.</exception>
    public static TokenwrightBuilder AddConnections(
        this TokenwrightBuilder builder, IConfiguration configuration, Func<IConfigurationSection, SecretSource?>? readSecret = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnections(configuration, TokenVendors.All, readSecret);
    }
}
