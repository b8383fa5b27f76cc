using System.Buffers;
using System.Text.Json;

namespace Tokenwright;

/// <summary>Represents a line of the journal of a <see cref="JournaledTokenIssuer"/>.</summary>
/// <param name="Name">The name that a token is issued for.</param>
/// <param name="StartedAt">When the create was started; null if it is completed.</param>
internal sealed record JournalEntry(string Name, DateTimeOffset? StartedAt)
{
    /// <summary>Parses a line.</summary>
    /// <returns>
    /// The entry; null if the line is incomplete. Then what it says was not yet done: nothing was sent, or the create was not completed.
    /// </returns>
    public static JournalEntry? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var startedAt = document.RootElement.GetProperty(nameof(StartedAt));
            return document.RootElement.GetProperty(nameof(Name)).GetString() is { } name
                ? new(name, startedAt.ValueKind == JsonValueKind.Null ? null : startedAt.GetDateTimeOffset()) : null;
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Returns the entry as a line of JSON in UTF-8.</summary>
    public ReadOnlySpan<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(nameof(Name), Name);
            if (StartedAt is { } startedAt)
                json.WriteString(nameof(StartedAt), startedAt);
            else
                json.WriteNull(nameof(StartedAt));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
