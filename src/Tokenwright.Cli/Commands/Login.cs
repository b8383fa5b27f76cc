using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Asks the user for a connection, tests it, and stores its secrets where the user wants them.</summary>
internal sealed partial class Login(
    Invocation invocation, VendorEntry vendor, IReadOnlyList<IReadOnlyList<PropertyInfo>> ways, string path)
{
    private const string InFile = "file";
    private const string ByCommand = "command";
    private const string InVariable = "variable";
    private const string Source = "the answer";

    private readonly Questions _questions = new(invocation.Terminal, invocation.Cancellation);
    private readonly Dictionary<string, TokenSecret> _secrets = [];
    private readonly List<FileStream> _files = [];
    private ConnectionRow? _tested;

    /// <summary>Asks for the settings, and tests the connection. Nothing is written.</summary>
    /// <param name="readGiven">Sets the settings that aren't asked for.</param>
    /// <exception cref="CliException">The connection doesn't work.</exception>
    public async Task<NewConnection> AskAsync(Action<NewConnection> readGiven)
    {
        // What is wrong with the file or the options is reported before the first question.
        var given = new NewConnection(path, vendor, $"{Guid.NewGuid():n}");
        readGiven(given);
        given.Define().Problems.ThrowIfAny();
        var name = await _questions.AskAsync("Name of the connection:", FreeName(), ProblemOfName);
        var added = new NewConnection(path, vendor, name);
        readGiven(added);
        await AskAsync(added, vendor.Address, isRequired: true);

        var matching = ways.Where(way => way.Any(setting => added.Has(setting.Name))).ToList();
        var open = matching.Count > 0 ? matching : ways;
        var names = open.Select(way => string.Join(" and ", way.Select(setting => setting.Name))).ToList();
        var way = open[open.Count == 1 ? 0 : names.IndexOf(await _questions.ChooseAsync("Sign in with", names))];
        foreach (var setting in way.Where(setting => !VendorEntry.IsSecret(setting)))
            await AskAsync(added, setting, isRequired: true);
        foreach (var setting in vendor.OwnSettings.Where(setting =>
            !VendorEntry.IsSecret(setting) && !ways.Any(way => way.Contains(setting))))
            await AskAsync(added, setting, isRequired: false);
        foreach (var setting in way.Where(VendorEntry.IsSecret))
        {
            var text = await _questions.AskSecretAsync($"{setting.Name} (not shown):", ProblemOfSecret);
            added.SetSecret(Source, setting.Name, _secrets[setting.Name] = new TokenSecret(text));
        }

        (_tested, var failure) = await ConnectionTest.RunAsync(invocation.Open(added.Define()), invocation.Cancellation);
        if (failure is not null)
            throw new CliException($"{failure.Message}\nNothing was written.", failure.ExitCode);
        invocation.Terminal.Note($"The connection works. {_tested.Message}");
        return added;
    }

    /// <summary>Stores the secrets and writes the connection. If that fails, no file of a secret stays.</summary>
    /// <returns>The row of the connection.</returns>
    public async Task<ConnectionRow> StoreAsync(NewConnection added)
    {
        var isWritten = false;
        try
        {
            foreach (var (setting, secret) in _secrets)
            {
                var (member, value) = await _questions.ChooseAsync($"Keep {setting} in", [InFile, ByCommand, InVariable]) switch
                {
                    InFile => (nameof(SecretSource.File), await ToFileAsync(added, setting, secret)),
                    ByCommand => ("Command", await ToCommandAsync(setting, secret)),
                    _ => (nameof(SecretSource.EnvironmentVariable), await ToVariableAsync(added, setting, secret)),
                };
                added.SetSecret(Source, setting, member, value);
            }

            var row = _tested! with { Secrets = ConnectionRow.Of(invocation.Open(added.Define())).Secrets };
            added.Write();
            isWritten = true;
            return row;
        }
        finally
        {
            _files.ForEach(file => PrivateFile.Finish(file, isWritten));
        }
    }

    private async Task AskAsync(NewConnection added, PropertyInfo setting, bool isRequired)
    {
        if (added.Has(setting.Name))
            return;
        var preset = Convert.ToString(setting.GetValue(vendor.Descriptor.CreateOptions()), CultureInfo.InvariantCulture);
        var isOptional = !isRequired && preset is not { Length: > 0 };
        var text = await _questions.AskAsync(
            $"{setting.Name}{(isOptional ? " (optional)" : string.Empty)}:", preset is { Length: > 0 } ? preset : null,
            text => text.Length > 0 ? ProblemOf(setting, text) : isRequired ? "It is required." : null);
        if (text.Length > 0 && text != preset)
            added.Set(Source, setting.Name, text);
    }

    private async Task<string> ToFileAsync(NewConnection added, string setting, TokenSecret secret)
    {
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "secrets");
        var target = ConnectionOpener.ExpandHome(await _questions.AskAsync(
            "File:", Path.Combine(folder, $"{Uri.EscapeDataString(added.Name)}.{setting}"),
            text => text.Length == 0 ? "It is required."
                : Path.Exists(ConnectionOpener.ExpandHome(text)) ? $"'{text}' exists already and is not overwritten." : null));
        try
        {
            var file = PrivateFile.Begin(target);
            _files.Add(file);
            await file.WriteAsync(Encoding.UTF8.GetBytes(secret.Reveal()), CancellationToken.None);
            file.Flush(flushToDisk: true);
            return file.Name;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The secret can't be written to '{target}': {failure.Message} Nothing was written.");
        }
    }

    // What the store gives back is compared, because every later command depends on it.
    private async Task<string> ToCommandAsync(string setting, TokenSecret secret)
    {
        var store = await _questions.AskAsync(
            $"Command that stores {setting}, from its standard input (empty if it is stored already):", null, _ => null);
        var read = await _questions.AskAsync(
            $"Command that prints {setting}:", null, text => text.Length == 0 ? "It is required." : null);
        if (store.Length > 0)
        {
            using var process = SecretSpec.Start(SecretSpec.Shell(store), redirectInput: true, redirectOutput: false);
            try
            {
                await process.StandardInput.WriteAsync(secret.Reveal());
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The command ended without reading the secret. Its exit status, or what is read back, shows that.
            }

            await process.WaitForExitAsync(invocation.Cancellation);
            if (process.ExitCode != 0)
                throw new CliException(
                    $"The command that stores the secret ended with status {process.ExitCode}. No connection was written.");
        }

        return secret.Equals(await SecretSpec.OfCommandAsync(SecretSpec.Shell(read), invocation.Cancellation)) ? read
            : throw new CliException("The command prints another secret than the one that you entered. No connection was written.");
    }

    private async Task<string> ToVariableAsync(NewConnection added, string setting, TokenSecret secret)
    {
        var preset = NotInNames().Replace($"{added.Name}_{setting}", "_").ToUpperInvariant();
        var variable = await _questions.AskAsync("Environment variable:", char.IsAsciiDigit(preset[0]) ? $"_{preset}" : preset, text =>
            text.Length == 0 || NotInNames().IsMatch(text) || char.IsAsciiDigit(text[0])
                ? "A name has letters, digits and underscores only, and doesn't begin with a digit."
            : text.StartsWith($"{ConnectionsReader.Root}__", StringComparison.OrdinalIgnoreCase)
                ? "Variables of this name are settings."
            : Environment.GetEnvironmentVariable(text) is { Length: > 0 } value && value.Trim() != secret.Reveal()
                ? $"{text} has another value already." : null);
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 })
            invocation.Terminal.Say($"Set {variable} to the secret before you use the connection; it is kept nowhere else.");
        return variable;
    }

    private string? FreeName()
    {
        var name = vendor.Name.ToLowerInvariant();
        return Enumerable.Range(1, 100).Select(i => i == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"))
            .FirstOrDefault(candidate => ProblemOfName(candidate) is null);
    }

    private string? ProblemOfName(string name)
    {
        try
        {
            new NewConnection(path, vendor, name).Define();
            return null;
        }
        catch (CliException problem)
        {
            return problem.Message;
        }
    }

    private string? ProblemOf(PropertyInfo setting, string text)
    {
        var value = new JsonElementAt { Kind = JsonTokenType.String, Line = 0, Path = string.Empty, Text = text };
        if (SettingValue.Problem(setting, value) is { } problem)
            return $"{setting.Name} {problem}";
        var options = vendor.Descriptor.CreateOptions();
        setting.SetValue(options, SettingValue.Of(setting, value));
        return SignInWays.Problems(vendor, options).FirstOrDefault(problem => problem.Setting == setting.Name).Message;
    }

    private static string? ProblemOfSecret(string text)
    {
        if (text.Length == 0)
            return "It is required.";
        try
        {
            _ = new TokenSecret(text);
            return null;
        }
        catch (ArgumentException)
        {
            return "A secret has no control characters.";
        }
    }

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NotInNames();
}
