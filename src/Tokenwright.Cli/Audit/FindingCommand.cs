using System.Text;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Audit;

/// <summary>
/// Runs the command of <c>--on-finding</c>. It runs once for all findings, as receivers of alerts want them: a first audit can have
/// thousands of findings, and one process and one message for each would help nobody.
/// </summary>
internal static class FindingCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="terminal">The terminal, for the command's output and for warnings.</param>
    /// <param name="line">The command, for the shell. Findings are never a part of it.</param>
    /// <param name="write">Writes the findings to the command's standard input.</param>
    /// <param name="cancellationToken">The token to stop the command.</param>
    /// <returns>Whether the command succeeded. If not, a warning says why.</returns>
    public static async Task<bool> RunAsync(
        Terminal terminal, string line, Func<TextWriter, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            using var process = SecretSpec.Start(SecretSpec.Shell(line), redirectInput: true, redirectOutput: true);
            try
            {
                // The standard output has the result of the audit, and nothing else.
                var output = CopyAsync(process.StandardOutput, terminal.Error, cancellationToken);
                try
                {
                    await using var input = new StreamWriter(process.StandardInput.BaseStream, new UTF8Encoding(false)) { NewLine = "\n" };
                    await write(input);
                }
                catch (IOException)
                {
                    // The command closed its input, or has exited. Its exit status says whether that was meant.
                }

                await process.WaitForExitAsync(cancellationToken);
                await output;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            if (process.ExitCode == 0)
                return true;
            terminal.Warn($"The command of --on-finding failed with status {process.ExitCode}; the findings may not have arrived.");
        }
        catch (CliException failure)
        {
            terminal.Warn($"--on-finding: {failure.Message}");
        }

        return false;
    }

    private static async Task CopyAsync(StreamReader from, TextWriter to, CancellationToken cancellationToken)
    {
        while (await from.ReadLineAsync(cancellationToken) is { } text)
            await to.WriteLineAsync(text);
    }
}
