namespace Tokenwright.CliTests;

/// <summary>The result of a run of the tool.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its error output.</param>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit status {ExitCode}\n{Output}\n{Error}";
}
