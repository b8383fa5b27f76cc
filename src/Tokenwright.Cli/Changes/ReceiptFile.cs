using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// Represents the file with the results of a bulk change, one line of JSON for each token. A line is written as soon as the result is
/// known, so that a stopped run can be resumed. Secrets appear only as fingerprints.
/// </summary>
internal sealed class ReceiptFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Lock _lock = new();
    private readonly byte[] _fingerprintKey;
    private readonly HashSet<string> _done;

    private ReceiptFile(FileStream file, byte[] fingerprintKey, HashSet<string> done)
    {
        _file = file;
        _fingerprintKey = fingerprintKey;
        _done = done;
    }

    /// <summary>Opens a receipt file, or creates one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="operation">The operation on the tokens.</param>
    /// <param name="values">The new values of the tokens, as text; null if the operation has none.</param>
    /// <param name="connection">The connection.</param>
    /// <exception cref="CliException">
    /// The file isn't a receipt file, belongs to another operation, other values or another connection, or is in use by another run.
    /// </exception>
    public static ReceiptFile Open(string path, string operation, string? values, OpenConnection connection)
    {
        var file = Lock(path);
        try
        {
            var text = new StreamReader(file, Encoding.UTF8).ReadToEnd();
            var (key, done) = Read(text, path, operation, values, connection);
            File.WriteAllText(ProcessFile(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            var receipts = new ReceiptFile(file, key, done);
            if (text.Length == 0)
            {
                var head = new JsonObject { ["receipts"] = operation, ["vendor"] = connection.Vendor, ["connection"] = connection.Name,
                    ["fingerprintKey"] = Convert.ToBase64String(key) };
                if (values is not null)
                    head["values"] = values;
                receipts.Write(head.ToJsonString());
            }
            else if (!text.EndsWith('\n'))
                receipts.Write(string.Empty);
            return receipts;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads which tokens are done, for a dry run. Nothing is created.</summary>
    /// <inheritdoc cref="Open" />
    /// <returns>A function that determines whether a token is done.</returns>
    public static Func<TokenReference, bool> ReadDone(string path, string operation, string? values, OpenConnection connection)
    {
        if (!File.Exists(path))
            return _ => false;
        using var file = Lock(path);
        var (key, done) = Read(new StreamReader(file, Encoding.UTF8).ReadToEnd(), path, operation, values, connection);
        return token => done.Contains(NameOf(token, key));
    }

    // Two runs would change the same tokens, and each would miss the receipts of the other.
    private static FileStream Lock(string path)
    {
        try
        {
            return PrivateFile.Lock(PrivateFile.InExistingFolder(path));
        }
        catch (IOException) when (RunningProcess(path) is { } process)
        {
            throw new CliException($"'{path}' is in use by process {process}, which changes the same tokens. Wait until it ends.");
        }
    }

    // A killed run leaves its process file behind. Then the receipts can't be opened for another reason.
    private static string? RunningProcess(string path)
    {
        try
        {
            var process = File.ReadAllText(ProcessFile(path));
            using var running = Process.GetProcessById(int.Parse(process, NumberStyles.None, CultureInfo.InvariantCulture));
            return process;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException
            or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static string ProcessFile(string path) => $"{path}.pid";

    private static (byte[] Key, HashSet<string> Done) Read(
        string text, string path, string operation, string? values, OpenConnection connection)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var key = RandomNumberGenerator.GetBytes(32);
        if (text.Length > 0)
        {
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines is [] || Parse(lines[0]) is not { } head || Text(head, "receipts") != operation || head["fingerprintKey"] is null)
                throw new CliException($"'{path}' is not a receipt file of {operation}; name another one with --receipts.");
            if (Text(head, "vendor") != connection.Vendor || Text(head, "connection") != connection.Name)
                throw new CliException(
                    $"'{path}' has receipts of {Text(head, "vendor")} connection '{Text(head, "connection")}', not of " +
                    $"'{connection.Name}'; name another one with --receipts.");
            if (Text(head, "values") != values)
                throw new CliException(
                    $"'{path}' has receipts of another change ({Text(head, "values")}), not of this one ({values}); name another one " +
                    "with --receipts.");
            key = Convert.FromBase64String(Text(head, "fingerprintKey")!);

            // The last line can be incomplete if the run was stopped. Its token is then changed again, which does no harm.
            foreach (var line in lines.Skip(1).Select(Parse).OfType<JsonObject>()
                .Where(line => Text(line, "outcome") is not (null or "failed" or "unknown")))
                done.Add(Text(line, "token")!);
        }

        return (key, done);
    }

    /// <summary>Gets the name of a token in receipts, which never contains its secret.</summary>
    public string NameOf(TokenReference reference) => NameOf(reference, _fingerprintKey);

    /// <summary>Gets the name of a token: its id or key, or a fingerprint of its secret.</summary>
    public static string NameOf(TokenReference reference, byte[] fingerprintKey)
        => reference.Id ?? reference.Key ?? (reference.Secret is { } secret ? $"secret {secret.Fingerprint(fingerprintKey)}" : "self");

    /// <summary>Determines whether a token is done.</summary>
    public bool IsDone(TokenReference reference) => _done.Contains(NameOf(reference));

    /// <summary>Writes a receipt to the disk.</summary>
    /// <returns>Why the receipt can't be written; null if it was written.</returns>
    public string? TryAdd(ReceiptRow row)
    {
        try
        {
            Write(JsonSerializer.Serialize(row, RowJson.Default.ReceiptRow));
            return null;
        }
        catch (Exception exception)
        {
            // Any type of exception is caught, because the change must be reported anyway.
            return $"The receipts can't be written to {_file.Name}: {exception.Message}";
        }
    }

    public void Dispose()
    {
        File.Delete(ProcessFile(_file.Name));
        _file.Dispose();
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _file.Flush(flushToDisk: true);
        }
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject line, string member)
        => line[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
