namespace Tokenwright.Cli;

/// <summary>The command can't go on. The message is for the user, and holds no secret.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Usage) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
