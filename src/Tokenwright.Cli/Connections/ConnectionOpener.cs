using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Opens connections from their definitions.</summary>
internal static class ConnectionOpener
{
    /// <summary>
    /// Opens a connection. Nothing is sent. The certificates are read from their files, and no secret but the password of a private key.
    /// </summary>
    /// <param name="definition">The definition of the connection.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">The logger factory; null for none.</param>
    /// <param name="outermost">
    /// Wraps the transport to hold requests back, in a dry run, which doesn't acknowledge secrets either; null for none.
    /// </param>
    /// <returns>The connection; null if the definition has problems (<see cref="ConnectionDefinition.Problems"/>).</returns>
    public static OpenConnection? Open(
        ConnectionDefinition definition, TimeProvider clock, ILoggerFactory? logs,
        Func<HttpMessageHandler, HttpMessageHandler>? outermost = null)
    {
        if (definition.Problems.Any)
            return null;
        var options = definition.Vendor.Descriptor.CreateOptions();
        foreach (var setting in definition.Settings.Values)
        {
            var property = definition.Vendor.Settings[setting.Name];
            property.SetValue(
                options,
                VendorEntry.IsSecret(property) ? SecretOf(setting, definition.Problems, acknowledges: outermost is null)
                : VendorEntry.IsPath(property) ? ExpandHome(setting.Value.Text!)
                : SettingValue.Of(property, setting.Value));
        }

        if (definition.Problems.Any)
            return null;

        Traffic traffic = null!;
        HttpMessageHandler transport = null!;
        try
        {
            var client = definition.Vendor.Descriptor.CreateClient(definition.Name, options, new()
            {
                WrapTransport = own =>
                {
                    traffic = new Traffic(own);
                    return transport = outermost?.Invoke(traffic) ?? traffic;
                },
                TimeProvider = clock,
                LoggerFactory = logs,
            });
            if (logs is not null)
                client = new TokenClientBuilder(client).UseLogging(logs, clock).Build();
            return new OpenConnection(definition, options, client, transport, traffic);
        }
        catch (OptionsValidationException exception)
        {
            foreach (var (name, message) in ProblemsOf(exception, definition.Vendor, definition.Name))
                Report(definition, name, message);
            return null;
        }
    }

    /// <summary>Gets the problems of options, each with the setting that it names first; null if it names none.</summary>
    public static IEnumerable<(string? Setting, string Message)> ProblemsOf(
        OptionsValidationException exception, VendorEntry vendor, string connection)
    {
        var prefix = $"{vendor.Name} connection '{connection}': ";
        foreach (var failure in exception.Failures)
        {
            var message = failure.StartsWith(prefix, StringComparison.Ordinal) ? failure[prefix.Length..] : failure;
            yield return (vendor.Settings.Keys.Where(setting => message.Contains(setting, StringComparison.Ordinal))
                .MinBy(setting => message.IndexOf(setting, StringComparison.Ordinal)), message);
        }
    }

    // The message refers to the place of the setting, or to the connection if it is missing.
    private static void Report(ConnectionDefinition definition, string? name, string message)
    {
        if (name is not null && definition.Settings.TryGetValue(name, out var setting))
            definition.Problems.Add(setting.Source, setting.Line, setting.Path, message);
        else
            definition.Problems.Add(definition.Source, definition.Line, definition.Path, message);
    }

    /// <summary>Gets the source of a secret. A command and the standard input are read once in a run.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="problems">Receives the problems.</param>
    /// <param name="acknowledges">Whether the source acknowledges new secrets, if the setting has a consumer.</param>
    public static SecretSource? SecretOf(Setting setting, ConfigProblems problems, bool acknowledges)
    {
        if (setting.IsPlainSecret)
            return Plain(setting, problems);
        var (kind, value, consumer) = SecretForm.Of(setting.Value);
        return kind switch
        {
            nameof(SecretSource.File) => new SecretSource { File = ExpandHome(value.Text!), Consumer = acknowledges ? consumer : null },
            nameof(SecretSource.EnvironmentVariable) => new SecretSource { EnvironmentVariable = value.Text },
            SecretForm.Command => SecretSource.From(
                Once(value.Items.Count > 0 ? [.. value.Items.Select(item => item.Text!)] : SecretSpec.Shell(value.Text!))),
            _ => SecretSource.From(SecretSpec.Stdin),
        };
    }

    private static SecretSource? Plain(Setting setting, ConfigProblems problems)
    {
        try
        {
            return new TokenSecret(setting.Value.Text!);
        }
        catch (ArgumentException)
        {
            problems.Add(
                setting.Source, setting.Line, setting.Path, "the secret contains a line break or another control character.");
            return null;
        }
    }

    // A password manager that prompts the user should do so once for a run, not for each request.
    private static Func<CancellationToken, ValueTask<TokenSecret>> Once(IReadOnlyList<string> command)
    {
        var gate = new SemaphoreSlim(1);
        TokenSecret? known = null;
        return async cancellationToken =>
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                return known ??= await SecretSpec.OfCommandAsync(command, cancellationToken);
            }
            finally
            {
                gate.Release();
            }
        };
    }

    /// <summary>Gets a path whose <c>~/</c> is the user's home folder.</summary>
    public static string ExpandHome(string path)
        => path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;
}
