using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Represents a connection that a command adds to the connections file.</summary>
internal sealed class NewConnection(string path, VendorEntry vendor, string name)
{
    private readonly List<(string Source, string Name, JsonElementAt Value)> _settings = [];

    public VendorEntry Vendor { get; } = vendor;

    public string Name { get; } = name;

    /// <summary>Adds a setting that isn't a secret.</summary>
    /// <param name="source">The option or question that it comes from.</param>
    /// <param name="setting">The setting's name.</param>
    /// <param name="value">The value.</param>
    public void Set(string source, string setting, string value) => _settings.Add((source, setting, Text(value)));

    /// <summary>Adds the source of a secret.</summary>
    /// <param name="source">The option or question that it comes from.</param>
    /// <param name="setting">The setting's name.</param>
    /// <param name="member">The kind of source, as in the file.</param>
    /// <param name="value">Its value.</param>
    public void SetSecret(string source, string setting, string member, string value)
    {
        // A path is relative to the folder of the command that adds the connection, but later commands run elsewhere.
        if (member == nameof(SecretSource.File) && !value.StartsWith("~/", StringComparison.Ordinal))
            value = Path.GetFullPath(value);
        var place = new JsonElementAt { Kind = JsonTokenType.StartObject, Line = 0, Path = setting };
        place.Members.Add((member, 0, Text(value)));
        _settings.RemoveAll(other => Is(other.Name, setting));
        _settings.Add((source, setting, place));
    }

    /// <summary>Sets a secret in memory, for a test. It is never written.</summary>
    public void SetSecret(string source, string setting, TokenSecret secret)
        => _settings.Add((source, setting, Text(secret.Reveal())));

    /// <summary>Determines whether there is a setting of this name.</summary>
    public bool Has(string setting) => _settings.Exists(other => Is(other.Name, setting));

    /// <summary>Gets the definition as it will be when the connection is in the file: the environment overrides its settings.</summary>
    /// <exception cref="CliException">
    /// The name is invalid or in use, or the file or the environment has problems. The definition has those of the settings.
    /// </exception>
    public ConnectionDefinition Define()
    {
        var problems = new ConfigProblems();
        var reader = new ConnectionsReader(problems);
        if (File.Exists(path))
            reader.AddFile(path);
        problems.ThrowIfAny();
        if (reader.All.Any(other => other.Name == Name))
            throw new CliException($"There is a connection '{Name}' in {path} already; remove it first, or use another name.");
        reader.AddNew(Vendor, Name, _settings);
        problems.ThrowIfAny();
        reader.AddEnvironment(Environment.GetEnvironmentVariables());
        problems.ThrowIfAny();
        return reader.All.First(definition => definition.Name == Name);
    }

    /// <summary>Writes the connection to the file.</summary>
    /// <exception cref="CliException">The file can't be changed.</exception>
    public void Write() => ConnectionsFile.Change(path, root =>
    {
        var settings = new JsonObject();
        foreach (var (_, setting, value) in _settings)
            settings[Vendor.Settings[setting].Name] = NodeOf(setting, value);
        var connections = ConnectionsFile.Child(ConnectionsFile.Child(root, ConnectionsReader.Root), Vendor.Name);
        if (!connections.TryAdd(Name, settings))
            throw new CliException($"Another command added a connection '{Name}' to {path} meanwhile. Nothing was written.");
    });

    private JsonNode NodeOf(string setting, JsonElementAt value)
    {
        if (value.Members is not [var (member, _, place)])
            return VendorEntry.IsSecret(Vendor.Settings[setting])
                ? throw new InvalidOperationException($"{setting} is a secret, which must not be written.") : JsonValue.Create(value.Text!);
        return new JsonObject { [member] = member == "Stdin" ? true : place.Text };
    }

    private static JsonElementAt Text(string value) => new() { Kind = JsonTokenType.String, Line = 0, Path = string.Empty, Text = value };

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
