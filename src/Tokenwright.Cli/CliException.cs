namespace Tokenwright.Cli;

/// <summary>The exception that is thrown when the command can't continue. The message is for the user and contains no secret.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Usage) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
