using System.Text.Json;

namespace Tokenwright;

// A secret together with its id, read as one value.
public sealed partial class SecretSource
{
    private const string PairForm = """{ "generation": 1, "id": "…", "secret": "…" }""";

    private readonly bool _givesPairs;

    /// <summary>Creates a source that reads an id and its secret together from a delegate, for example from a vault.</summary>
    /// <param name="read">
    /// Reads the id and the secret. It is called before every request, also concurrently, so a slow delegate should cache them. Its token
    /// is cancelled when the request ends.
    /// </param>
    /// <param name="acknowledge">
    /// Is called after the first successful call with a new <see cref="SecretPair.Generation"/>, with that generation. That call waits for
    /// it, for 5 seconds at most. If it throws or takes longer, this is logged, and it is called again after a later call, a minute later
    /// at the earliest. Null for none.
    /// </param>
    public static SecretSource FromPair(
        Func<CancellationToken, ValueTask<SecretPair>> read, Func<int, ValueTask>? acknowledge = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new(read, givesPairs: true, acknowledge);
    }

    /// <summary>Reads the current secret with its id, as one value: the secret always belongs to the id.</summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The pair; without an id if the source has only a secret.</returns>
    /// <exception cref="SecretSourceException">The secret can't be read. The message says why, and shows nothing of the secret.</exception>
    public ValueTask<SecretPair> ReadPairAsync(CancellationToken cancellationToken = default)
        => _value is not null ? new(_value) : ReadSourceAsync(cancellationToken);

    /// <summary>Gets whether the source can give an id with its secret.</summary>
    internal bool CanGiveId => _givesPairs || File is not null;

    /// <summary>Gets the id that was read last; null if there was none. Nothing is read.</summary>
    internal string? SeenId => (_value ?? _seen?.Item1)?.Id;

    // A secret that begins with a brace and is no JSON object is rare, and a part of a JSON file must never be sent as a secret.
    private static bool IsJson(string text) => text[0] == '{' && (text.AsSpan(1).TrimStart() is [] or ['"' or '}', ..]);

    private SecretPair FromJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var id = TextOf(root, "id");
            var secret = TextOf(root, "secret") ?? throw WrongJson("\"secret\" is missing");
            int? generation = root.TryGetProperty("generation", out var member) && member.ValueKind != JsonValueKind.Null
                ? member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out var number) && number > 0
                    ? number : throw WrongJson("\"generation\" is not a whole number from 1")
                : null;
            return new SecretPair(id, Checked(Trimmed(secret), "its \"secret\" is empty"), generation);
        }
        catch (JsonException failure)
        {
            // The framework's message shows a part of the text.
            throw WrongJson(FormattableString.Invariant(
                $"it breaks off or is malformed in line {failure.LineNumber + 1} at byte {failure.BytePositionInLine + 1}"));
        }
        catch (ArgumentException)
        {
            throw WrongJson("\"id\" is empty, or contains characters that no id has");
        }
    }

    private string? TextOf(JsonElement root, string name)
        => !root.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null ? null
            : member.ValueKind == JsonValueKind.String ? member.GetString() : throw WrongJson($"\"{name}\" is not a text");

    private SecretSourceException WrongJson(string reason)
        => Unreadable($"it begins as a JSON object, and {reason}; the form is {PairForm}, where only the secret is required");
}
