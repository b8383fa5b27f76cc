using Microsoft.Extensions.Configuration;
using Tokenwright;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Provides a method to add the connections of a configuration to a container.</summary>
public static class TokenVendorsTokenwrightBuilderExtensions
{
    /// <summary>
    /// Adds all connections of a configuration, of all vendors, in the form of the tool <c>tokenwright</c>'s connections file:
    /// <c>{ "SailPoint": { "identity": { "ClientId": … } } }</c>. Connections that are added to the configuration later are ignored.
    /// </summary>
    /// <param name="builder">The builder of <see cref="TokenwrightServiceCollectionExtensions.AddTokenwright"/>.</param>
    /// <param name="configuration">The section whose children are the names of vendors, usually <c>Tokenwright</c>.</param>
    /// <param name="readSecret">
    /// Reads the source of a secret; null for <see cref="SecretSource.FromConfiguration"/>, which supports text, <c>File</c> and
    /// <c>EnvironmentVariable</c>. A program with other sources, such as the output of a command, reads them here.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">
    /// The configuration contains an unknown vendor, or two connections have the same name.
    /// </exception>
    public static TokenwrightBuilder AddConnections(
        this TokenwrightBuilder builder, IConfiguration configuration, Func<IConfigurationSection, SecretSource?>? readSecret = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnections(configuration, TokenVendors.All, readSecret);
    }
}
