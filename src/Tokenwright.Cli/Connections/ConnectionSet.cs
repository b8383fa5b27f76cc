using System.Text.Json;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Emulation;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Connections;

/// <summary>Finds the connections that a command works with.</summary>
internal static class ConnectionSet
{
    /// <summary>Reads all descriptions of connections: of the file, the environment and the options.</summary>
    /// <param name="configFile">The file that was named; null for the usual one, which need not be there.</param>
    /// <param name="set">The values of <c>--set</c>.</param>
    /// <exception cref="CliException">Something in them is wrong; the message lists everything.</exception>
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
    /// Reads the connections as <see cref="Read"/> does; where there are none, those of emulators that run on this machine.
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
                $"No connections are configured. Add one with 'tokenwright connections add', which writes {ToolPaths.Connections}, or " +
                    "practise with 'tokenwright-emulator --all' in another terminal, which 'dotnet tool install --global " +
                    "Tokenwright.Emulator' brings.");
        }

        terminal.Note($"No connections are configured: these are tokens of the emulators that run on this machine ({session}).");
        return Read(session, []);
    }

    /// <summary>Narrows connections to those that were named.</summary>
    /// <exception cref="CliException">A name is of none of them.</exception>
    public static IReadOnlyList<ConnectionDefinition> Select(
        IReadOnlyList<ConnectionDefinition> all, IReadOnlyList<string> names, IReadOnlyList<string> vendors)
    {
        foreach (var name in names.Where(name => !all.Any(definition => definition.Name == name)))
            throw new CliException(
                $"There is no connection '{name}'; there are " +
                $"{string.Join(", ", all.Select(definition => definition.Name))}.{Near(name, all.Select(definition => definition.Name))}");
        foreach (var vendor in vendors)
            VendorEntry.Named(vendor);
        ConnectionDefinition[] chosen =
        [
            .. all.Where(definition => names.Count == 0 || names.Contains(definition.Name))
                .Where(definition => vendors.Count == 0 || vendors.Contains(definition.Vendor.Name, StringComparer.OrdinalIgnoreCase)),
        ];
        return chosen.Length > 0 ? chosen : throw new CliException("None of the connections is of these vendors.");
    }

    private static void WarnOfPlainSecrets(IReadOnlyList<ConnectionDefinition> all, Terminal terminal)
    {
        foreach (var setting in all.SelectMany(definition => definition.Settings.Values.Where(setting =>
            setting is { Line: > 0, Value.Kind: JsonTokenType.String } && VendorEntry.IsSecret(definition.Vendor.Settings[setting.Name]))))
            terminal.Warn(
                $"{setting.Source}:{setting.Line}: {setting.Path} is a secret in plain text; better take it from a command, a file of " +
                "its own, or the environment.");
    }

    private static string Near(string name, IEnumerable<string> known)
        => Suggestion.For(name, known) is { } near ? $" Did you mean {near}?" : string.Empty;
}
