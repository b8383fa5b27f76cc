using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tokenwright.Generated;

/// <summary>Represents a JSON document into which generated models write themselves. Members that are null are left out.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct JsonOutput
{
    private const int LargestSpare = 16 * 1024;

    // The encoder escapes only what JSON requires, because the output isn't part of an HTML page.
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 64 };

    [ThreadStatic]
    private static Spare? _spare;

    private readonly Utf8JsonWriter _writer;
    private readonly List<string> _secrets;

    private JsonOutput(Spare spare) => (_writer, _secrets) = (spare.Writer, spare.Secrets);

    /// <summary>Writes a document.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="write">Writes the value.</param>
    /// <returns>The document in a new array, because the transport can still be sending it when the caller continues.</returns>
    internal static byte[] ToArray<T>(T value, Action<JsonOutput, T> write) => ToArray(value, write, out _);

    /// <inheritdoc cref="ToArray{T}(T, Action{JsonOutput, T})"/>
    /// <param name="value">The value.</param>
    /// <param name="write">Writes the value.</param>
    /// <param name="secrets">The secrets in the document.</param>
    internal static byte[] ToArray<T>(T value, Action<JsonOutput, T> write, out string[] secrets)
    {
        var spare = _spare ?? new Spare(new ArrayBufferWriter<byte>(512));
        _spare = null;
        try
        {
            write(new JsonOutput(spare), value);
            spare.Writer.Flush();
            secrets = [.. spare.Secrets];
            return spare.Buffer.WrittenSpan.ToArray();
        }
        finally
        {
            // The buffer is cleared because it may have contained a secret.
            spare.Buffer.Clear();
            spare.Secrets.Clear();
            spare.Writer.Reset();
            if (spare.Buffer.Capacity <= LargestSpare)
                _spare = spare;
        }
    }

    /// <summary>Writes a string member.</summary>
    public void Write(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            _writer.WriteString(name, value);
    }

    /// <summary>Writes a secret member and records the secret, so that it is redacted in responses.</summary>
    public void WriteSecret(ReadOnlySpan<byte> name, string? value)
    {
        Write(name, value);
        if (!string.IsNullOrEmpty(value))
            _secrets.Add(value);
    }

    /// <summary>Writes a boolean member.</summary>
    public void Write(ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } given)
            _writer.WriteBoolean(name, given);
    }

    /// <summary>Writes a whole-number member.</summary>
    public void Write(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } given)
            _writer.WriteNumber(name, given);
    }

    /// <summary>Writes a number member.</summary>
    public void Write(ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } given)
            _writer.WriteNumber(name, given);
    }

    /// <summary>Writes a time member in ISO 8601, in UTC, with milliseconds.</summary>
    public void Write(ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } given)
            _writer.WriteString(name, Text(given));
    }

    /// <summary>Writes a model member.</summary>
    public void Write<T>(ReadOnlySpan<byte> name, T? value)
        where T : class, IJsonModel<T>
    {
        if (value is null)
            return;
        _writer.WritePropertyName(name);
        WriteValue(value);
    }

    /// <summary>Writes a member that is a list of strings.</summary>
    public void Write(ReadOnlySpan<byte> name, ICollection<string>? value)
    {
        if (value is null)
            return;
        _writer.WriteStartArray(name);
        foreach (var item in value)
            _writer.WriteStringValue(item);
        _writer.WriteEndArray();
    }

    /// <summary>Writes a member that is a list of models.</summary>
    public void Write<T>(ReadOnlySpan<byte> name, ICollection<T>? value)
        where T : class, IJsonModel<T>
    {
        if (value is null)
            return;
        _writer.WritePropertyName(name);
        WriteValue(value);
    }

    /// <summary>Writes a member that is a list of any values.</summary>
    public void Write(ReadOnlySpan<byte> name, ICollection<object>? value)
    {
        if (value is null)
            return;
        _writer.WriteStartArray(name);
        foreach (var item in value)
            WriteAny(item);
        _writer.WriteEndArray();
    }

    /// <summary>Writes a member that is a dictionary of strings.</summary>
    public void Write(ReadOnlySpan<byte> name, IDictionary<string, string>? value)
    {
        if (value is null)
            return;
        _writer.WriteStartObject(name);
        foreach (var (key, item) in value)
            _writer.WriteString(key, item);
        _writer.WriteEndObject();
    }

    /// <summary>Writes a member that can be any value.</summary>
    public void Write(ReadOnlySpan<byte> name, object? value)
    {
        if (value is null)
            return;
        _writer.WritePropertyName(name);
        WriteAny(value);
    }

    /// <summary>Writes a model's unknown members. Those that are null or <see cref="RawJson.Null"/> are written as null.</summary>
    public void WriteKept(IDictionary<string, object>? kept)
    {
        foreach (var (name, value) in kept ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, object>.Empty)
        {
            _writer.WritePropertyName(name);
            WriteAny(value);
        }
    }

    internal void WriteValue<T>(T value)
        where T : class, IJsonModel<T>
    {
        _writer.WriteStartObject();
        value.WriteMembers(this);
        _writer.WriteEndObject();
    }

    internal void WriteValue<T>(IEnumerable<T> values)
        where T : class, IJsonModel<T>
    {
        _writer.WriteStartArray();
        foreach (var value in values)
        {
            if (value is null)
                _writer.WriteNullValue();
            else
                WriteValue(value);
        }

        _writer.WriteEndArray();
    }

    internal static string Text(DateTimeOffset time)
        => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal void WriteAny(object? value)
    {
        switch (value)
        {
            case null:
                _writer.WriteNullValue();
                break;
            case string text:
                _writer.WriteStringValue(text);
                break;
            case bool truth:
                _writer.WriteBooleanValue(truth);
                break;
            case int or long or short or byte or uint:
                _writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double or float:
                _writer.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case decimal number:
                _writer.WriteNumberValue(number);
                break;
            case System.Numerics.BigInteger number:
                _writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                _writer.WriteStringValue(Text(time));
                break;
            case RawJson raw:
                _writer.WriteRawValue(raw.ToString());
                break;
            case Newtonsoft.Json.Linq.JToken token:
                _writer.WriteRawValue(token.ToString(Newtonsoft.Json.Formatting.None));
                break;
            case JsonElement element:
                element.WriteTo(_writer);
                break;
            case System.Text.Json.Nodes.JsonNode node:
                node.WriteTo(_writer);
                break;
            case IEnumerable<KeyValuePair<string, object?>> members:
                _writer.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    _writer.WritePropertyName(name);
                    WriteAny(member);
                }

                _writer.WriteEndObject();
                break;
            case System.Collections.IEnumerable items:
                _writer.WriteStartArray();
                foreach (var item in items)
                    WriteAny(item);
                _writer.WriteEndArray();
                break;
            default:
                throw new NotSupportedException(
                    $"A {value.GetType().FullName} can't be written as JSON. Give a text, a number, a truth value, a list or dictionary " +
                        $"of them, a {nameof(RawJson)}, or a value of Newtonsoft.Json.Linq or System.Text.Json.");
        }
    }

    private sealed record Spare(ArrayBufferWriter<byte> Buffer)
    {
        public Utf8JsonWriter Writer { get; } = new(Buffer, Options);

        public List<string> Secrets { get; } = [];
    }
}
