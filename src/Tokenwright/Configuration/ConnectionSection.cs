using Microsoft.Extensions.Configuration;

namespace Tokenwright;

/// <summary>Represents the configuration section with a connection's options.</summary>
/// <param name="Name">The connection's name.</param>
/// <param name="Configuration">The section.</param>
/// <param name="ReadSecret">Reads the source of a secret.</param>
internal sealed record ConnectionSection(
    string Name, IConfiguration Configuration, Func<IConfigurationSection, SecretSource?> ReadSecret)
{
    // A shorter value without quotation marks can be an ordinary word of the message.
    private const int ShortestUnquoted = 8;

    /// <summary>
    /// Reads options from the section. Messages of the framework's binder are reported without the value, because somebody may have put a
    /// secret in the wrong place.
    /// </summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor.</param>
    /// <param name="options">The options to set.</param>
    /// <exception cref="InvalidOperationException">The options can't be read. The message names the key.</exception>
    public void Bind<TOptions>(TokenVendor<TOptions> vendor, TOptions options)
        where TOptions : ConnectionOptions, new()
    {
        try
        {
            vendor.Bind(WithoutSecrets([.. options.AllSecrets.Select(secret => secret.Key)]), options);
            options.BindAllSecrets(member => ReadSecret(Configuration.GetSection(member)));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{vendor.Name} connection '{Name}': {WithoutValues(exception.Message)}");
        }
    }

    // The framework's binder knows only the built-in properties of a secret source, but a program's own reader can support others.
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
