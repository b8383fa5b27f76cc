namespace Tokenwright.Cli.Configuration;

/// <summary>Where the tool's files are, by the XDG base directory rules; on Windows in the user's application data.</summary>
internal static class ToolPaths
{
    public const string ConfigVariable = "TOKENWRIGHT_CONFIG";

    private const string Folder = "tokenwright";

    /// <summary>Gets the connections file that is read unless another one is named.</summary>
    public static string Connections => Environment.GetEnvironmentVariable(ConfigVariable) is { Length: > 0 } named
        ? named
        : Path.Combine(Base("XDG_CONFIG_HOME", ".config"), Folder, "connections.json");

    /// <summary>Gets the policy that an audit follows unless another one is named.</summary>
    public static string Policy => Path.Combine(Base("XDG_CONFIG_HOME", ".config"), Folder, "policy.json");

    /// <summary>Gets the connections of the emulators that run now.</summary>
    public static string EmulatorSession => Path.Combine(Base("XDG_STATE_HOME", Path.Combine(".local", "state")), Folder, "emulators.json");

    private static string Base(string variable, string below)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder && Path.IsPathRooted(folder) ? folder
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), below);
}
