using System.Diagnostics;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Configuration;

/// <summary>
/// Parses and reads the source of a secret as a user writes it: <c>env:NAME</c>, <c>file:PATH</c>, <c>command:COMMAND</c> or <c>stdin</c>.
/// It is never the secret itself.
/// </summary>
internal static class SecretSpec
{
    public const string Forms = "env:NAME, file:PATH, command:COMMAND or stdin";

    private const int LongestSecret = 64 * 1024;

    /// <summary>Splits a source into the corresponding key of the connections file and its value.</summary>
    /// <exception cref="CliException">
    /// The source has none of the forms. The message doesn't repeat it, because it may be the secret.
    /// </exception>
    public static (string Member, string Value) Split(string option, string text)
    {
        if (text == "stdin")
            return (nameof(Stdin), "true");
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (colon < 0 ? null : text[..colon]) switch
        {
            "env" when colon + 1 < text.Length => (nameof(SecretSource.EnvironmentVariable), text[(colon + 1)..]),
            "file" when colon + 1 < text.Length => (nameof(SecretSource.File), text[(colon + 1)..]),
            "command" when colon + 1 < text.Length => ("Command", text[(colon + 1)..]),
            _ => throw new CliException(
                $"{option} must be {Forms}, never a secret itself: arguments are seen by other users of the machine and kept in the " +
                "shell's history."),
        };
    }

    /// <summary>Reads a secret once.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="text">The source of the secret.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public static async Task<TokenSecret> ReadAsync(string option, string text, CancellationToken cancellationToken)
    {
        var (member, value) = Split(option, text);
        var source = member switch
        {
            nameof(SecretSource.EnvironmentVariable) => new SecretSource { EnvironmentVariable = value },
            nameof(SecretSource.File) => new SecretSource { File = value },
            "Command" => SecretSource.From(cancel => OfCommandAsync(Shell(value), cancel)),
            _ => SecretSource.From(Stdin),
        };
        try
        {
            return await source.ReadAsync(cancellationToken);
        }
        catch (SecretSourceException exception)
        {
            throw new CliException($"{option}: {exception.Message}");
        }
    }

    /// <summary>Reads a secret from the output of a command. Its error output is shown unchanged.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">The token to cancel the operation. It stops the command.</param>
    public static async ValueTask<TokenSecret> OfCommandAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using var process = StartForSecret(command);
        try
        {
            var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new SecretSourceException($"The command '{command[0]}' for a secret failed with status {process.ExitCode}.");
            return ToSecret(text, $"The command '{command[0]}' for a secret");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process StartForSecret(IReadOnlyList<string> command)
    {
        try
        {
            return Start(command, redirectInput: false, redirectOutput: true);
        }
        catch (CliException failure)
        {
            throw new SecretSourceException(failure.Message, failure);
        }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="CliException">The program can't be started.</exception>
    public static Process Start(IReadOnlyList<string> command, bool redirectInput, bool redirectOutput)
    {
        var start = new ProcessStartInfo(
            command[0]) { RedirectStandardInput = redirectInput, RedirectStandardOutput = redirectOutput, UseShellExecute = false };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start) ?? throw new CliException($"The command '{command[0]}' did not start.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new CliException($"The command '{command[0]}' can't be started: {exception.Message}.");
        }
    }

    /// <summary>Gets the command that runs a line in the shell.</summary>
    public static IReadOnlyList<string> Shell(string line)
        => OperatingSystem.IsWindows() ? ["cmd.exe", "/d", "/c", line] : ["/bin/sh", "-c", line];

    /// <summary>Reads a secret from the standard input, to its end. It is read only once and then cached.</summary>
    public static async ValueTask<TokenSecret> Stdin(CancellationToken cancellationToken)
        => await FromStdin.Value.WaitAsync(cancellationToken);

    private static readonly Lazy<Task<TokenSecret>> FromStdin = new(async () =>
    {
        if (!Console.IsInputRedirected)
            await Terminal.WriterOf(StandardStream.Error)
                .WriteLineAsync("Reading a secret from the standard input; end it with Ctrl-D. It is shown as you type: a pipe is better.");
        return ToSecret(await Console.In.ReadToEndAsync(), "The standard input");
    });

    // Shells and editors leave line breaks, spaces and a byte order mark around a secret.
    private static TokenSecret ToSecret(string text, string source)
    {
        text = text.Trim().Trim('\ufeff').Trim();
        if (text.Length is 0 or > LongestSecret)
            throw new SecretSourceException($"{source} gave {(text.Length == 0 ? "nothing" : "more than 64 KiB")} instead of a secret.");
        try
        {
            return new TokenSecret(text);
        }
        catch (ArgumentException)
        {
            throw new SecretSourceException($"{source} gave more than one line, or control characters, instead of a secret.");
        }
    }
}
