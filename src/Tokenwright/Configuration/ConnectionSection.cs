using Microsoft.Extensions.Configuration;

namespace Tokenwright;

/// <summary>The configuration section that a connection's options are read from.</summary>
/// <param name="Name">The connection's name.</param>
/// <param name="Configuration">The section.</param>
/// <param name="ReadSecret">Reads where a secret comes from.</param>
internal sealed record ConnectionSection(
    string Name, IConfiguration Configuration, Func<IConfigurationSection, SecretSource?> ReadSecret)
{
    // A shorter value outside of quotes is taken for a word of the message.
    private const int ShortestUnquoted = 8;

    /// <summary>
    /// Reads options from the section. What the framework's binder says of a value is told without the value: somebody may have put a
    /// secret in the wrong place.
    /// </summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor.</param>
    /// <param name="options">The options to set.</param>
    /// <exception cref="InvalidOperationException">They can't be read; the message names the key.</exception>
    public void Bind<TOptions>(TokenVendor<TOptions> vendor, TOptions options)
        where TOptions : ConnectionOptions, new()
    {
        try
        {
            vendor.Bind(WithoutSecrets([.. options.Secrets.Select(secret => secret.Key)]), options);
            options.BindSecrets(member => ReadSecret(Configuration.GetSection(member)));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{vendor.Name} connection '{Name}': {WithoutValues(exception.Message)}");
        }
    }

    // The binder knows the members of a source, and no others that a program's reader may know.
    private IConfiguration WithoutSecrets(IReadOnlyList<string> secrets)
    {
        var path = Configuration is IConfigurationSection section ? section.Path : string.Empty;
        var prefixes = secrets.Select(secret => path.Length == 0 ? secret : ConfigurationPath.Combine(path, secret)).ToList();
        var root = new ConfigurationBuilder().AddInMemoryCollection(Configuration.AsEnumerable().Where(pair => !prefixes.Any(prefix =>
            pair.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && (pair.Key.Length == prefix.Length || pair.Key[prefix.Length] == ConfigurationPath.KeyDelimiter[0])))).Build();
        return path.Length == 0 ? root : root.GetSection(path);
    }

    private string WithoutValues(string message)
    {
        foreach (var value in Configuration.AsEnumerable().Select(pair => pair.Value).OfType<string>().Where(value => value.Length > 0)
            .OrderByDescending(value => value.Length))
        {
            message = message.Replace($"'{value}'", "'***'", StringComparison.Ordinal);
            if (value.Length >= ShortestUnquoted)
                message = message.Replace(value, "***", StringComparison.Ordinal);
        }

        return message;
    }
}
