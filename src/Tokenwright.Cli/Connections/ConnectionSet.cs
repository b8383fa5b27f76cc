using System.Text.Json;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Emulation;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Connections;

/// <summary>Finds the connections that a command uses.</summary>
internal static class ConnectionSet
{
    /// <summary>Reads all definitions of connections: from the file, the environment and the options.</summary>
    /// <param name="configFile">The connections file; null for the default one, which need not exist.</param>
    /// <param name="set">The values of <c>--set</c>.</param>
    /// <returns>The definitions. Each has the problems of its own settings (<see cref="ConnectionDefinition.Problems"/>).</returns>
    /// <exception cref="CliException">A source as a whole has problems. The message lists all of them.</exception>
    public static IReadOnlyList<ConnectionDefinition> Read(string? configFile, IEnumerable<string> set)
    {
        var problems = new ConfigProblems();
        var reader = new ConnectionsReader(problems);
        var path = configFile ?? ToolPaths.Connections;
        if (configFile is not null || File.Exists(path) || Environment.GetEnvironmentVariable(ToolPaths.ConfigVariable) is { Length: > 0 })
            reader.AddFile(path);
        reader.AddEnvironment(Environment.GetEnvironmentVariables());
        foreach (var option in set)
            reader.AddOption(option);
        problems.ThrowIfAny();
        return reader.All;
    }

    /// <summary>
    /// Reads the connections as <see cref="Read"/> does. If there are none, reads those of the emulators that run on this machine.
    /// </summary>
    public static async Task<IReadOnlyList<ConnectionDefinition>> ReadOrEmulatedAsync(
        string? configFile, IEnumerable<string> set, Terminal terminal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var all = Read(configFile, set);
        if (all.Count > 0 || configFile is not null)
        {
            WarnOfPlainSecrets(all, terminal);
            return all;
        }

        if (await EmulatorSession.FindAsync(clock, cancellationToken) is not { } session)
        {
            throw new CliException(
                "No connections are configured. Add one with 'tokenwright connections login VENDOR', or in a script with 'tokenwright " +
                    $"connections add', which both write {ToolPaths.Connections}, or start 'tokenwright-emulator --all' (package " +
                    "Tokenwright.Emulator) in another terminal to try the tool.");
        }

        terminal.Note($"No connections are configured: these are tokens of the emulators on this machine ({session}).");
        return Read(session, []);
    }

    /// <summary>Selects the connections with the given names and vendors.</summary>
    /// <exception cref="CliException">A name belongs to no connection.</exception>
    public static IReadOnlyList<ConnectionDefinition> Select(
        IReadOnlyList<ConnectionDefinition> all, IReadOnlyList<string> names, IReadOnlyList<string> vendors)
    {
        var known = all.Select(definition => definition.Name).ToList();
        foreach (var name in names.Where(name => !known.Contains(name)))
            throw new CliException(
                $"There is no connection '{name}'; known are {string.Join(", ", known)}.{Suggestion.Sentence(name, known)}");
        foreach (var vendor in vendors)
            VendorEntry.Named(vendor);
        ConnectionDefinition[] chosen =
        [
            .. all.Where(definition => names.Count == 0 || names.Contains(definition.Name))
                .Where(definition => vendors.Count == 0 || vendors.Contains(definition.Vendor.Name, StringComparer.OrdinalIgnoreCase)),
        ];
        return chosen.Length > 0 ? chosen : throw new CliException("No connection belongs to these vendors.");
    }

    private static void WarnOfPlainSecrets(IReadOnlyList<ConnectionDefinition> all, Terminal terminal)
    {
        foreach (var setting in all.SelectMany(definition => definition.Settings.Values.Where(setting =>
            setting is { Line: > 0, Value.Kind: JsonTokenType.String } && VendorEntry.IsSecret(definition.Vendor.Settings[setting.Name]))))
            terminal.Warn(
                $"{setting.Source}:{setting.Line}: {setting.Path} is a secret in plain text. It is better to take it from a command, a " +
                "file of its own, or the environment.");
    }
}
