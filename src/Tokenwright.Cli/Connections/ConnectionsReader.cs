using System.Collections;
using System.Text.Json;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Lineages;

namespace Tokenwright.Cli.Connections;

/// <summary>
/// Reads the definitions of connections from a file, the environment and options, in that order. A later setting overrides an earlier one.
/// The file has the form of .NET's configuration that <c>AddTokenwright</c> binds, so that a program and this tool can share it.
/// </summary>
internal sealed class ConnectionsReader(ConfigProblems problems)
{
    public const string Root = "Tokenwright";

    private const string VariablePrefix = Root + "__";
    private readonly List<ConnectionDefinition> _all = [];

    public IReadOnlyList<ConnectionDefinition> All => _all;

    /// <summary>Reads a connections file.</summary>
    public void AddFile(string path)
    {
        if (JsonSource.Read(path, problems) is not { } root || !Is(root, JsonTokenType.StartObject, path, "The file", "an object"))
            return;
        foreach (var (name, line, value) in root.Members)
        {
            // The lineages are read by the commands that rotate.
            if (name == "$schema" || LineagesFile.IsRoot(name))
                continue;
            if (!string.Equals(name, Root, StringComparison.OrdinalIgnoreCase))
                problems.Add(path, line, name, $"is not known here; all connections belong in \"{Root}\", and lineages in " +
                    $"\"{LineagesFile.Root}\".{Suggestion.Sentence(name, [Root, LineagesFile.Root])}");
            else if (Is(value, JsonTokenType.StartObject, path, "It", "an object: vendors, with their connections by name"))
                value.Members.ForEach(vendor => AddVendor(path, vendor.Name, vendor.Line, vendor.Value));
        }

        if (!root.Members.Exists(member => string.Equals(member.Name, Root, StringComparison.OrdinalIgnoreCase)))
            problems.Add(path, root.Line, null, $"has no member \"{Root}\", which holds the connections.");
        CheckMode(path);
    }

    /// <summary>Reads the environment: <c>Tokenwright__SailPoint__identity__ClientId</c>.</summary>
    public void AddEnvironment(IDictionary variables)
    {
        foreach (var name in variables.Keys.Cast<string>()
            .Where(name => name.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
            AddPath($"environment variable {name}", name[VariablePrefix.Length..].Split("__"), (string?)variables[name] ?? string.Empty,
                plainSecretAllowed: true);
    }

    /// <summary>Reads <c>--set SailPoint:identity:ClientId=…</c>.</summary>
    public void AddOption(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            problems.Add("option --set", 0, null, "must be VENDOR:CONNECTION:SETTING=VALUE.");
            return;
        }

        AddPath("option --set", text[..equals].Split(':'), text[(equals + 1)..], plainSecretAllowed: false);
    }

    /// <summary>Reads a connection that a command adds, by the same rules as those of the file.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="settings">The settings, each with the option or question that it comes from.</param>
    public void AddNew(VendorEntry vendor, string name, IEnumerable<(string Source, string Name, JsonElementAt Value)> settings)
    {
        if (Named(vendor, name, "the new connection", 0) is not { } definition)
            return;
        foreach (var (source, setting, value) in settings)
            Add(definition, setting, source, 0, value);
    }

    private void AddVendor(string path, string vendorName, int line, JsonElementAt value)
    {
        if (VendorEntry.Find(vendorName) is not { } vendor)
            problems.Add(path, line, $"{Root}:{vendorName}",
                $"is not a vendor; {VendorEntry.Known(vendorName)}");
        else if (Is(value, JsonTokenType.StartObject, path, "It", "an object: connections by name"))
            value.Members.ForEach(connection => AddConnection(path, vendor, connection.Name, connection.Line, connection.Value));
    }

    private void AddConnection(string path, VendorEntry vendor, string name, int line, JsonElementAt value)
    {
        if (Named(vendor, name, path, line) is not { } definition
            || !Is(value, JsonTokenType.StartObject, path, "It", "an object: the connection's settings", definition.Problems))
            return;
        foreach (var (settingName, at, element) in value.Members)
            Add(definition, settingName, path, at, element);
    }

    private void AddPath(string source, string[] path, string value, bool plainSecretAllowed)
    {
        var field = string.Join(':', path.Prepend(Root));
        if (path.Length is < 3 or > 4 || path.Any(string.IsNullOrWhiteSpace))
        {
            problems.Add(source, 0, field,
                "must name a vendor, a connection and a setting; of a secret also File, EnvironmentVariable, Command or Stdin.");
            return;
        }

        if (VendorEntry.Find(path[0]) is not { } vendor)
        {
            problems.Add(source, 0, field, $"'{path[0]}' is not a vendor; {VendorEntry.Known(path[0])}");
            return;
        }

        var isSecret = vendor.Settings.TryGetValue(path[2], out var property) && VendorEntry.IsSecret(property);
        if (isSecret && path.Length == 3 && !plainSecretAllowed)
        {
            problems.Add(
                source, 0, field,
                "is a secret, and arguments are seen by other users of the machine. Say where it comes from, for example " +
                $"{string.Join(':', path)}:File=PATH.");
            return;
        }

        if (Named(vendor, path[1], source, 0) is not { } definition)
            return;
        var scalar = new JsonElementAt { Kind = JsonTokenType.String, Line = 0, Path = field, Text = value };
        if (path.Length == 3)
        {
            Add(definition, path[2], source, 0, scalar);
            return;
        }

        var parent = string.Join(':', path[..3].Prepend(Root));
        var member = new JsonElementAt { Kind = JsonTokenType.StartObject, Line = 0, Path = parent };
        member.Members.Add((path[3], 0, scalar));
        Add(definition, path[2], source, 0, member);
    }

    private ConnectionDefinition? Named(VendorEntry vendor, string name, string source, int line)
    {
        var known = _all.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.Ordinal));
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl) || name.Contains(':', StringComparison.Ordinal))
            problems.Add(source, line, $"{Root}:{vendor.Name}:{name}",
                "a connection's name must have a text without colons and control characters.");
        else if (known is not null && known.Vendor != vendor)
            problems.Add(
                source, line, $"{Root}:{vendor.Name}:{name}",
                $"there is a {known.Vendor.Name} connection of this name already ({known.Source}:{known.Line}); names are unique over " +
                "all vendors.");
        else if (known is not null)
            return known;
        else
            _all.Add(known = new ConnectionDefinition(vendor, name, source, line));
        return known?.Vendor == vendor ? known : null;
    }

    private static void Add(ConnectionDefinition definition, string name, string source, int line, JsonElementAt value)
    {
        if (!definition.Vendor.Settings.TryGetValue(name, out var property))
        {
            definition.Problems.Add(
                source, line, $"{definition.Path}:{name}",
                $"is not a setting of {definition.Vendor.Name}; known are " +
                $"{string.Join(", ", definition.Vendor.Settings.Keys)}.{Suggestion.Sentence(name, definition.Vendor.Settings.Keys)}");
            return;
        }

        var setting = new Setting(property.Name, source, line, $"{definition.Path}:{property.Name}", value);
        var problem = VendorEntry.IsSecret(property)
            ? SecretForm.Problem(value, canAcknowledge: true) : SettingValue.Problem(property, value);
        if (problem is not null)
            definition.Problems.Add(source, line, setting.Path, problem);
        else
            definition.Settings[property.Name] = setting;
    }

    private void CheckMode(string path)
    {
        if (problems.Any)
            return;
        if (PrivateFile.IsWritableByOthers(path))
            problems.Add(
                path, 0, null,
                $"can be written by other users, who could send your credentials to another server. To fix it: chmod 600 '{path}'");
        var plain = _all.SelectMany(definition => definition.Settings.Values)
            .FirstOrDefault(setting => setting.Source == path && setting.IsPlainSecret && IsSecret(setting));
        if (plain is not null && PrivateFile.IsReadableByOthers(path))
            problems.Add(
                path, plain.Line, plain.Path,
                $"is a secret in plain text, in a file that other users can read. To fix it: chmod 600 '{path}'; better, take the secret " +
                "from a command or the environment.");
    }

    private bool IsSecret(Setting setting) => _all.Exists(
        definition => definition.Settings.ContainsValue(setting) && VendorEntry.IsSecret(definition.Vendor.Settings[setting.Name]));

    private bool Is(
        JsonElementAt value, JsonTokenType kind, string path, string subject, string wanted, ConfigProblems? problemsOfConnection = null)
    {
        if (value.Kind == kind)
            return true;
        (problemsOfConnection ?? problems).Add(path, value.Line, value.Path, $"{subject} must be {wanted}, not {value.Noun}.");
        return false;
    }
}
