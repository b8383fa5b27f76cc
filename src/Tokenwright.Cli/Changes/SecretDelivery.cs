using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// Delivers a new secret: to the output, to a new file, or to a command. It is prepared before the request is sent, so that no token is
/// issued whose secret can't be delivered.
/// </summary>
internal sealed class SecretDelivery : IDisposable
{
    private static readonly Option<bool> Reveal =
        new("--reveal") { Description = "Print the new secret, and nothing else, on the standard output." };
    private static readonly Option<string?> ToFile = new("--secret-file")
    {
        Description =
            "Write the new secret to this file, which only you can read. An existing file is never overwritten. " +
            "With -, print it on the standard output.",
        HelpName = "file",
    };
    private static readonly Option<string?> ToCommand = new("--secret-command")
        { Description = "Give the new secret to the standard input of this command: \"pass insert -e sailpoint\".", HelpName = "command" };

    private readonly string? _path;
    private readonly string? _command;
    private readonly FileStream? _file;
    private readonly Process? _process;
    private bool _isDelivered;
    private bool _isInFile;

    private SecretDelivery(bool reveals, string? path, string? command, bool isDry)
    {
        IsRevealed = reveals;
        (_path, _command) = (path, command);
        if (isDry && !File.Exists(path))
            return;
        try
        {
            _file = path is null ? null : PrivateFile.Begin(PrivateFile.InExistingFolder(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                File.Exists(path) ? $"--secret-file '{path}' exists already and is not overwritten. Nothing was changed."
                : $"--secret-file '{path}' can't be created: {exception.Message} Nothing was changed.");
        }

        if (command is null)
            return;
        try
        {
            _process = SecretSpec.Start(SecretSpec.Shell(command), redirectInput: true, redirectOutput: false);
        }
        catch (CliException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets whether the secret is printed.</summary>
    public bool IsRevealed { get; }

    /// <summary>Gets what is known of the secret if it couldn't be delivered, as a sentence.</summary>
    public string IfLost => IsRevealed ? "Its secret is lost unless the output contains it."
        : _command is not null ? "Its secret is lost unless the command stored it." : "Its secret is lost.";

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Reveal, ToFile, ToCommand })
            command.Options.Add(option);
    }

    /// <summary>Prepares the delivery.</summary>
    /// <exception cref="CliException">No way of delivery was chosen, or it can't be used.</exception>
    public static SecretDelivery Prepare(Invocation invocation)
    {
        var (reveals, path, command) = (invocation.Get(Reveal), invocation.Get(ToFile), invocation.Get(ToCommand));
        if (path == "-")
            (reveals, path) = (true, null);
        var isDry = invocation.Get(ChangeRun.DryRunOption);
        var places = (reveals ? 1 : 0) + (path is null ? 0 : 1) + (command is null ? 0 : 1);
        if (places == 0)
            throw new CliException(
                "Say where the new secret goes: --reveal, --secret-file or --secret-command. It can't be read again later.");
        return places <= 1 ? new SecretDelivery(reveals, path, command, isDry)
            : throw new CliException("Name one of --reveal, --secret-file and --secret-command.");
    }

    /// <summary>Gets what to do about a token that was issued but couldn't be reported.</summary>
    public string? RemedyFor(ApiToken token)
        => token.Id is { } id ? $"To revoke it: tokenwright revoke {ShellText.Quoted(id)} -c {ShellText.Quoted(token.Connection)}"
        : _isInFile
            ? $"To revoke it: tokenwright revoke --secret {ShellText.Quoted($"file:{_path}")} -c {ShellText.Quoted(token.Connection)}"
        : token.ExpiresAt is { } end ? $"It expires {Shapes.Iso(end)}; until then only its secret can revoke it."
        : "Only its secret can revoke it.";

    /// <summary>Delivers the secret.</summary>
    /// <returns>The place of the secret, as text.</returns>
    /// <exception cref="CliException">The secret couldn't be delivered, although the token exists.</exception>
    public async Task<string> DeliverAsync(TokenSecret secret)
    {
        // From here on, the delivery can't be cancelled, because the secret can't be read again.
        _isDelivered = true;
        try
        {
            if (_file is not null)
            {
                // A part of a secret is of no use, and looks like a whole one.
                try
                {
                    await _file.WriteAsync(Encoding.UTF8.GetBytes(secret.Reveal()));
                    _file.Flush(flushToDisk: true);
                    _isInFile = true;
                }
                finally
                {
                    PrivateFile.Finish(_file, _isInFile);
                }

                return $"in file {_path}";
            }

            if (_process is null)
                return "shown";
            try
            {
                await _process.StandardInput.WriteAsync(secret.Reveal());
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The command ended or closed its input without reading it. Its exit status is checked later.
            }

            await _process.WaitForExitAsync();
            return _process.ExitCode == 0 ? "given to the command" : throw new CliException(
                $"--secret-command ended with status {_process.ExitCode}; it is not known whether it stored the secret.", ExitCode.Partial);
        }
        catch (Exception exception) when (exception is not CliException)
        {
            // Any type of exception is caught, because the framework throws different types when a disk is full.
            throw new CliException($"The secret can't be written to {_path}: {exception.Message}", ExitCode.OutcomeUnknown);
        }
    }

    public void Dispose()
    {
        if (_file is not null && !_isDelivered)
            PrivateFile.Finish(_file, isComplete: false);

        // A command that received nothing must not take the end of its input for an empty secret.
        if (_process is { HasExited: false } && !_isDelivered)
            _process.Kill(entireProcessTree: true);
        _process?.Dispose();
    }
}
