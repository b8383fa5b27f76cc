namespace Tokenwright.Cli.Configuration;

/// <summary>
/// Provides the paths of the tool's files, by the XDG base directory specification; on Windows, in the user's application data.
/// </summary>
internal static class ToolPaths
{
    public const string ConfigVariable = "TOKENWRIGHT_CONFIG";

    private const string Folder = "tokenwright";

    /// <summary>Gets the path of the default connections file.</summary>
    public static string Connections => Environment.GetEnvironmentVariable(ConfigVariable) is { Length: > 0 } named
        ? named
        : Path.Combine(Base("XDG_CONFIG_HOME", ".config"), Folder, "connections.json");

    /// <summary>Gets the path of the default audit policy.</summary>
    public static string Policy => Path.Combine(Base("XDG_CONFIG_HOME", ".config"), Folder, "policy.json");

    /// <summary>Gets the path of the connections file of the running emulators.</summary>
    public static string EmulatorSession => Path.Combine(Base("XDG_STATE_HOME", Path.Combine(".local", "state")), Folder, "emulators.json");

    /// <summary>Gets the path of the default journal of rotations.</summary>
    public static string Journal => Path.Combine(Base("XDG_STATE_HOME", Path.Combine(".local", "state")), Folder, "rotation.db");

    private static string Base(string variable, string below)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder && Path.IsPathRooted(folder) ? folder
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), below);
}
