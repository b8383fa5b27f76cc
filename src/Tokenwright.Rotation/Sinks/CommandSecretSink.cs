using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tokenwright.Http;

namespace Tokenwright.Rotation;

/// <summary>
/// Writes a secret with a command, which gets it on its standard input: <c>vault kv put secret/app token=-</c>, <c>kubectl</c>, <c>az</c>.
/// The secret is never an argument, because other users of the machine could see it. <c>{generation}</c>, <c>{id}</c> and <c>{lineage}</c>
/// in the arguments are replaced.
/// </summary>
public sealed class CommandSecretSink : ISecretSink
{
    private const int LongestError = 500;

    private readonly string _fileName;
    private readonly string[] _arguments;

    /// <summary>Initializes a new instance of the <see cref="CommandSecretSink"/> class.</summary>
    /// <param name="fileName">The program. No shell is involved.</param>
    /// <param name="arguments">The arguments.</param>
    public CommandSecretSink(string fileName, params string[] arguments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        _fileName = fileName;
        _arguments = arguments;
    }

    /// <summary>
    /// Gets or initializes whether the command gets a JSON object with <c>generation</c>, <c>id</c> and <c>secret</c>, as a file has, in
    /// place of the secret alone. The default is false.
    /// </summary>
    public bool IsJson { get; init; }

    /// <summary>Gets or initializes how long the command may run. The default is one minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    public string Description => $"the command '{_fileName}'";

    /// <inheritdoc />
    /// <exception cref="IOException">The command can't be started, fails, or doesn't end in time.</exception>
    public async Task WriteAsync(RotatedSecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        using var process = Start(secret);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(
                    IsJson ? SecretJson.Write(secret) : Encoding.UTF8.GetBytes(secret.Secret.Reveal()), limit.Token).ConfigureAwait(false);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The command ended before it read its input. Its exit code says whether that was a success.
            }

            await output.ConfigureAwait(false);
            var text = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            if (process.ExitCode == 0)
                return;

            // A command can repeat its input in a message, also encoded. In JSON, the input has the secret with escapes.
            var escaped = new TokenSecret(JsonEncodedText.Encode(secret.Secret.Reveal()).ToString());
            var shown = new SecretRedactor([secret.Secret, escaped]).Redact(text.Trim(), LongestError);
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"The command '{_fileName}' ended with exit code {process.ExitCode}. {shown}").TrimEnd());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"The command '{_fileName}' did not end within {Timeout}, and was ended.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(RotatedSecret secret)
    {
        var start = new ProcessStartInfo(_fileName)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var argument in _arguments)
            start.ArgumentList.Add(argument
                .Replace("{generation}", secret.Generation.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{id}", secret.Id, StringComparison.Ordinal)
                .Replace("{lineage}", secret.Lineage, StringComparison.Ordinal));
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new IOException($"The command '{_fileName}' can't be started: {exception.Message}", exception);
        }
    }
}
