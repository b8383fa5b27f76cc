using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.Generated;

/// <summary>
/// A JSON document in memory that generated models read themselves from: the framework's reader, and the tolerance for what vendors really
/// send, in one place. A value that can't be read as what the spec says is left where it is, for the model to keep as it stands.
/// </summary>
/// <remarks>
/// Read as Newtonsoft.Json would: numbers and truth values as text, texts as numbers and truth values. What differs is listed where the two
/// are compared, in the tests: above all, an empty text is not a missing number, truth value or list, but one that can't be read.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct JsonInput
{
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private readonly ReadOnlySpan<byte> _json;
    private readonly ModelPool? _spares;
    private Utf8JsonReader _reader;

    internal JsonInput(ReadOnlySpan<byte> json, bool keepsUnknown)
    {
        _json = json;
        KeepsUnknown = keepsUnknown;
        _reader = new Utf8JsonReader(json, isFinalBlock: true, new JsonReaderState(Options));
    }

    internal JsonInput(ReadOnlySpan<byte> json, bool keepsUnknown, JsonReaderState state, ModelPool? spares)
    {
        _json = json;
        _spares = spares;
        KeepsUnknown = keepsUnknown;
        _reader = new Utf8JsonReader(json, isFinalBlock: true, state);
    }

    /// <summary>Gets whether members that a model doesn't know are kept among its further members.</summary>
    internal bool KeepsUnknown { get; }

    internal readonly JsonTokenType TokenType => _reader.TokenType;

    internal readonly JsonReaderState State => _reader.CurrentState;

    internal readonly int Position => (int)_reader.BytesConsumed;

    internal bool Read() => _reader.Read();

    internal void Skip() => _reader.Skip();

    /// <summary>Throws unless the reader is on a token of a kind.</summary>
    internal readonly void Require(JsonTokenType type)
    {
        if (_reader.TokenType != type)
            throw new JsonException($"A {_reader.TokenType} stands where a {type} is expected.", null, 0, _reader.TokenStartIndex);
    }

    /// <summary>Throws if anything follows the document.</summary>
    internal void RequireEnd() => _reader.Read();

    /// <summary>Moves to the value of an object's next member.</summary>
    /// <param name="name">The member's name.</param>
    /// <returns>Whether there is one; if not, the reader is on the end of the object.</returns>
    public bool NextMember(out ReadOnlySpan<byte> name)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            name = default;
            return false;
        }

        name = _reader.ValueIsEscaped ? Unescaped() : _reader.ValueSpan;
        _reader.Read();
        return true;
    }

    /// <summary>
    /// Skips a member that the model doesn't know, and keeps it if that is wanted, or if its name speaks of an expiry: a token that has
    /// one never looks as if it had no end.
    /// </summary>
    /// <param name="name">The member's name.</param>
    /// <param name="kept">The model's further members.</param>
    public void KeepUnknown(ReadOnlySpan<byte> name, ref IDictionary<string, object>? kept)
    {
        if (KeepsUnknown || name.IndexOf("xpir"u8) >= 0)
            KeepUnread(name, ref kept);
        else
            _reader.Skip();
    }

    /// <summary>
    /// Skips a member whose value could not be read, and keeps it: that it is there is something else than its absence.
    /// </summary>
    /// <param name="name">The member's name.</param>
    /// <param name="kept">The model's further members.</param>
    public void KeepUnread(ReadOnlySpan<byte> name, ref IDictionary<string, object>? kept)
    {
        kept ??= new ExtensionData();
        if (kept is ExtensionData bytes)
            bytes.Keep(name, RawBytes(), _json.Length - (int)_reader.BytesConsumed);
        else
            kept[Encoding.UTF8.GetString(name)] = Raw();
    }

    /// <summary>Skips a member that can't be kept, because the model has no place for further members.</summary>
    public void Drop() => _reader.Skip();

    /// <summary>Reads a text.</summary>
    public bool TryRead(out string? value)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                return TryGetString(out value);
            case JsonTokenType.Null:
                value = null;
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                value = null;
                return false;
            case JsonTokenType.Number:
                value = Encoding.UTF8.GetString(_reader.ValueSpan);
                return true;
            default:
                value = _reader.GetBoolean().ToString();
                return true;
        }
    }

    /// <summary>Reads a text that comes again and again, as one string for all.</summary>
    public bool TryReadRepeated(out string? value)
    {
        if (_reader.TokenType != JsonTokenType.String || _reader.ValueIsEscaped)
            return TryRead(out value);
        value = RepeatedStrings.Of(_reader.ValueSpan);
        return true;
    }

    /// <summary>Reads a truth value.</summary>
    public bool TryRead(out bool? value)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                value = _reader.GetBoolean();
                return true;
            case JsonTokenType.Null:
                value = null;
                return true;
            default:
                return TryConvert(Convert.ToBoolean, out value);
        }
    }

    /// <summary>Reads a whole number.</summary>
    public bool TryRead(out long? value)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number))
        {
            value = number;
            return true;
        }

        value = null;
        return _reader.TokenType == JsonTokenType.Null || TryConvert(Convert.ToInt64, out value);
    }

    /// <summary>Reads a whole number of 32 bits.</summary>
    public bool TryRead(out int? value)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var number))
        {
            value = number;
            return true;
        }

        value = null;
        return _reader.TokenType == JsonTokenType.Null || TryConvert(Convert.ToInt32, out value);
    }

    /// <summary>Reads a number.</summary>
    public bool TryRead(out double? value)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var number) && double.IsFinite(number))
        {
            value = number;
            return true;
        }

        value = null;
        if (_reader.TokenType == JsonTokenType.Null)
            return true;
        if (TryConvert(Convert.ToDouble, out value) && (value is not { } converted || double.IsFinite(converted)))
            return true;
        value = null;
        return false;
    }

    /// <summary>Reads a time, in any of the forms of <see cref="VendorTime"/>.</summary>
    public bool TryRead(out DateTimeOffset? value)
    {
        value = null;
        switch (_reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String when _reader.ValueIsEscaped:
                return TryGetString(out var text) && VendorTime.TryParse(text, out var time) && Found(time, out value);
            case JsonTokenType.String or JsonTokenType.Number:
                return VendorTime.TryParse(_reader.ValueSpan, out time) && Found(time, out value);
            default:
                return false;
        }
    }

    /// <summary>Reads a truth value that must be there; null is none.</summary>
    public bool TryRead(out bool value)
    {
        var isRead = TryRead(out bool? read) && read is not null;
        value = read.GetValueOrDefault();
        return isRead;
    }

    /// <summary>Reads a whole number that must be there; null is none.</summary>
    public bool TryRead(out long value)
    {
        var isRead = TryRead(out long? read) && read is not null;
        value = read.GetValueOrDefault();
        return isRead;
    }

    /// <summary>Reads a whole number of 32 bits that must be there; null is none.</summary>
    public bool TryRead(out int value)
    {
        var isRead = TryRead(out int? read) && read is not null;
        value = read.GetValueOrDefault();
        return isRead;
    }

    /// <summary>Reads any value, as it stands.</summary>
    public bool TryRead(out object? value)
    {
        value = _reader.TokenType == JsonTokenType.Null ? null : Raw();
        return true;
    }

    /// <summary>Reads a model.</summary>
    public bool TryRead<T>(out T? value)
        where T : class, IJsonModel<T>
    {
        value = null;
        if (_reader.TokenType != JsonTokenType.StartObject)
            return _reader.TokenType == JsonTokenType.Null;
        value = _spares is null ? T.Create() : _spares.Take<T>();
        value.ReadMembers(ref this);
        return true;
    }

    /// <summary>Reads a list of texts. One element that is none makes the list one that can't be read.</summary>
    public bool TryRead(out ICollection<string>? value) => TryReadTexts(isRepeated: false, out value);

    /// <summary>Reads a list of texts that come again and again, as one string for all that are the same.</summary>
    public bool TryReadRepeated(out ICollection<string>? value) => TryReadTexts(isRepeated: true, out value);

    /// <summary>Reads a list of models. One element that is neither an object nor null makes the list one that can't be read.</summary>
    public bool TryRead<T>(out ICollection<T>? value)
        where T : class, IJsonModel<T>
    {
        value = null;
        if (_reader.TokenType != JsonTokenType.StartArray)
            return _reader.TokenType == JsonTokenType.Null;
        var start = _reader;
        var items = new List<T>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (!TryRead(out T? item))
            {
                _reader = start;
                return false;
            }

            items.Add(item!);
        }

        value = items;
        return true;
    }

    /// <summary>Reads a list of any values, each as it stands.</summary>
    public bool TryRead(out ICollection<object>? value)
    {
        value = null;
        if (_reader.TokenType != JsonTokenType.StartArray)
            return _reader.TokenType == JsonTokenType.Null;
        var items = new List<object>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(_reader.TokenType == JsonTokenType.Null ? null! : Raw());
        value = items;
        return true;
    }

    /// <summary>Reads texts by name. One value that is none makes the whole one that can't be read.</summary>
    public bool TryRead(out IDictionary<string, string>? value)
    {
        value = null;
        if (_reader.TokenType != JsonTokenType.StartObject)
            return _reader.TokenType == JsonTokenType.Null;
        var start = _reader;
        var items = new Dictionary<string, string>();
        while (NextMember(out var name))
        {
            if (!TryRead(out string? item))
            {
                _reader = start;
                return false;
            }

            items[Encoding.UTF8.GetString(name)] = item!;
        }

        value = items;
        return true;
    }
}
