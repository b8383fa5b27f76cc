using Microsoft.Extensions.Configuration;

namespace Tokenwright;

/// <summary>The configuration section that a connection's options are read from.</summary>
/// <param name="Name">The connection's name.</param>
/// <param name="Configuration">The section.</param>
internal sealed record ConnectionSection(string Name, IConfiguration Configuration)
{
    // A shorter value outside of quotes is taken for a word of the message.
    private const int ShortestUnquoted = 8;

    /// <summary>
    /// Reads options from a section. What the framework's binder says of a value is told without the value: somebody may have put a secret
    /// in the wrong place.
    /// </summary>
    /// <param name="vendor">The vendor's name.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="configuration">The section.</param>
    /// <param name="bind">Reads the options.</param>
    /// <exception cref="InvalidOperationException">They can't be read; the message names the key.</exception>
    public static void Bind(string vendor, string name, IConfiguration configuration, Action bind)
    {
        try
        {
            bind();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{vendor} connection '{name}': {WithoutValues(exception.Message, configuration)}");
        }
    }

    private static string WithoutValues(string message, IConfiguration configuration)
    {
        foreach (var value in configuration.AsEnumerable().Select(pair => pair.Value).OfType<string>().Where(value => value.Length > 0)
            .OrderByDescending(value => value.Length))
        {
            message = message.Replace($"'{value}'", "'***'", StringComparison.Ordinal);
            if (value.Length >= ShortestUnquoted)
                message = message.Replace(value, "***", StringComparison.Ordinal);
        }

        return message;
    }
}
