using System.Text.Json;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Rotation;

namespace Tokenwright.Cli.Lineages;

/// <summary>Represents the part of the connections file that says which tokens are rotated.</summary>
internal sealed class LineagesFile
{
    public const string Root = "Rotation";
    public const string Lineages = "Lineages";

    private static readonly string[] Settings = ["Journal", "SealingKey", "OldSealingKeys", Lineages];
    private static readonly string[] LineageSettings =
    [
        "Connection", "NamePrefix", "NameInDescription", "Scopes", "Roles", "Sinks", "Consumers", "IsConnectionCredential", "ReadIdToken",
        "Policy",
    ];

    private static readonly string[] SinkSettings = ["File", "IsText", "Command", "IsJson"];

    private LineagesFile(string path) => Path = path;

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>Gets the path of the journal that the file names; null for the tool's own.</summary>
    public string? Journal { get; private set; }

    public SecretSource? SealingKey { get; private set; }

    public IReadOnlyList<SecretSource> OldSealingKeys { get; private set; } = [];

    /// <summary>Gets the lineages. Each has the problems of its own settings.</summary>
    public IReadOnlyList<LineageDefinition> All { get; private set; } = [];

    /// <summary>
    /// Reads the file. Where the connections are read, which are in the same file, it is checked that other users can't write it.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="CliException">
    /// There is no file, it has no lineages, or it has problems that concern all lineages. The message lists them.
    /// </exception>
    public static LineagesFile Read(string path)
    {
        const string Help = "Describe in \"" + Root + "\" which tokens are rotated; see docs/cli.md#rotate-tokens-automatically.";
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new CliException(
                $"There is no connections file '{path}'. Write one with 'tokenwright connections login VENDOR'. {Help}");
        var problems = new ConfigProblems();
        var file = new LineagesFile(path);
        var root = JsonSource.Read(path, problems)?.Members.Find(member => IsRoot(member.Name)).Value;
        problems.ThrowIfAny();
        if (root is null)
            throw new CliException(
                $"{path} has no lineages. {Help}");
        file.Fill(root, problems);
        problems.ThrowIfAny();
        return file;
    }

    /// <summary>Determines whether a member of the connections file is the part with the lineages.</summary>
    public static bool IsRoot(string name) => string.Equals(name, Root, StringComparison.OrdinalIgnoreCase);

    private void Fill(JsonElementAt root, ConfigProblems problems)
    {
        var reader = new SectionReader(Path, problems);
        var settings = reader.Members(root, Settings);
        Journal = reader.Text(settings.GetValueOrDefault("Journal")) is { } journal ? ConnectionOpener.ExpandHome(journal) : null;
        SealingKey = reader.Secret(settings.GetValueOrDefault("SealingKey"));
        if (!settings.ContainsKey("SealingKey"))
            reader.Report(root, "SealingKey is missing: the secrets in the journal are encrypted with it. To create one: openssl rand " +
                "-base64 32");
        if (settings.GetValueOrDefault("OldSealingKeys") is { } keys)
        {
            OldSealingKeys = [.. keys.Items.Select(reader.Secret).OfType<SecretSource>()];
            if (keys.Kind != JsonTokenType.StartArray)
                reader.Report(keys, $"must be a list of secrets, not {keys.Noun}.");
        }

        if (settings.GetValueOrDefault(Lineages) is not { Kind: JsonTokenType.StartObject, Members.Count: > 0 } lineages)
            reader.Report(root, $"must have \"{Lineages}\": an object with the lineages by name.");
        else
            All = [.. lineages.Members.Select(lineage => ReadLineage(lineage.Name, lineage.Line, lineage.Value))];
    }

    private LineageDefinition ReadLineage(string name, int line, JsonElementAt value)
    {
        var problems = new ConfigProblems();
        var reader = new SectionReader(Path, problems);
        var settings = reader.Members(value, LineageSettings);
        JsonElementAt? Of(string setting) => settings.GetValueOrDefault(setting);
        var policy = new RotationPolicy();
        reader.Fill(policy, Of("Policy"));
        if (value.Kind == JsonTokenType.StartObject && Of("Connection") is null)
            reader.Report(value, "Connection is missing: the name of the connection that issues the tokens.");
        return new LineageDefinition(name, Path, line)
        {
            Connection = reader.Text(Of("Connection")) ?? string.Empty,
            NamePrefix = reader.Text(Of("NamePrefix")),
            NameInDescription = reader.Truth(Of("NameInDescription")),
            Scopes = reader.Texts(Of("Scopes")),
            Roles = reader.Texts(Of("Roles")),
            Sinks = ReadSinks(reader, Of("Sinks")),
            Consumers = reader.Texts(Of("Consumers")) ?? [],
            IsConnectionCredential = reader.Truth(Of("IsConnectionCredential")),
            IdToken = reader.Secret(Of("ReadIdToken")),
            Policy = policy,
            Problems = problems,
        };
    }

    private static IReadOnlyList<ISecretSink> ReadSinks(SectionReader reader, JsonElementAt? value)
    {
        if (value is { Kind: JsonTokenType.StartArray })
            return [.. value.Items.Select(item => ReadSink(reader, item)).OfType<ISecretSink>()];
        if (value is not null)
            reader.Report(value, $"must be a list of sinks, not {value.Noun}.");
        return [];
    }

    private static ISecretSink? ReadSink(SectionReader reader, JsonElementAt value)
    {
        var settings = reader.Members(value, SinkSettings);
        var (file, command) = (settings.GetValueOrDefault("File"), settings.GetValueOrDefault("Command"));
        if (value.Kind == JsonTokenType.StartObject && file is null == command is null)
            reader.Report(value, "must have either File or Command.");
        if (settings.GetValueOrDefault(file is null ? "IsText" : "IsJson") is { } foreign)
            reader.Report(foreign, file is null ? "is for a File only; a command gets the secret alone, or with IsJson as JSON."
                : "is for a Command only; a file has JSON, or with IsText the secret alone.");
        if (file is not null)
            return reader.Text(file) is not { } path ? null
                : new FileSecretSink(ConnectionOpener.ExpandHome(path)) { IsText = reader.Truth(settings.GetValueOrDefault("IsText")) };

        // There is no form for a shell, because the id that replaces {id} comes from the vendor.
        if (command is not null && reader.Texts(command) is { } words)
        {
            if (words.Count > 0)
                return new CommandSecretSink(words[0], [.. words.Skip(1)])
                    { IsJson = reader.Truth(settings.GetValueOrDefault("IsJson")) };
            reader.Report(command, "must be a list with the program and its arguments.");
        }

        return null;
    }
}
