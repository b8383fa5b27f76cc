using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.Generated;

/// <summary>
/// Represents a JSON document in memory from which generated models read themselves. It adds tolerance for what vendors send to the
/// framework's reader. If a value doesn't match the spec, the reader stays on it, so that the model can keep it unchanged.
/// </summary>
/// <remarks>
/// Values are converted as Newtonsoft.Json does: numbers and booleans to strings, strings to numbers and booleans. The tests list the
/// differences. The most important one: an empty string isn't a missing number, boolean or list, but a value that can't be read.
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

    /// <summary>Gets whether unknown members are kept.</summary>
    internal bool KeepsUnknown { get; }

    internal readonly JsonTokenType TokenType => _reader.TokenType;

    internal readonly JsonReaderState State => _reader.CurrentState;

    internal readonly int Position => (int)_reader.BytesConsumed;

    internal bool Read() => _reader.Read();

    internal void Skip() => _reader.Skip();

    /// <summary>Throws if the current token isn't of a kind.</summary>
    internal readonly void Require(JsonTokenType type)
    {
        if (_reader.TokenType != type)
            throw new JsonException($"There is a {_reader.TokenType} where a {type} is expected.", null, 0, _reader.TokenStartIndex);
    }

    /// <summary>Throws if there is content after the document.</summary>
    internal void RequireEnd() => _reader.Read();

    /// <summary>Moves to the value of the object's next member.</summary>
    /// <param name="name">The member's name.</param>
    /// <returns>Whether there is one. If not, the reader is at the end of the object.</returns>
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
    /// Skips an unknown member. It is kept if unknown members are kept, or if its name suggests an expiry, so that a token with an expiry
    /// never seems to have none.
    /// </summary>
    /// <param name="name">The member's name.</param>
    /// <param name="kept">The model's unknown members.</param>
    public void KeepUnknown(ReadOnlySpan<byte> name, ref IDictionary<string, object>? kept)
    {
        if (KeepsUnknown || name.IndexOf("xpir"u8) >= 0)
            KeepUnread(name, ref kept);
        else
            _reader.Skip();
    }

    /// <summary>Skips a member whose value couldn't be read, and keeps it, because it differs from a missing one.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="kept">The model's unknown members.</param>
    public void KeepUnread(ReadOnlySpan<byte> name, ref IDictionary<string, object>? kept)
    {
        kept ??= new ExtensionData();
        if (kept is ExtensionData bytes)
            bytes.Keep(name, RawBytes(), _json.Length - (int)_reader.BytesConsumed);
        else
            kept[Encoding.UTF8.GetString(name)] = Raw();
    }

    /// <summary>Skips a member that can't be kept, because the model doesn't store unknown members.</summary>
    public void Drop() => _reader.Skip();

    /// <summary>Reads a string.</summary>
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

    /// <summary>Reads a string that repeats in lists, so that equal strings share one instance.</summary>
    public bool TryReadRepeated(out string? value)
    {
        if (_reader.TokenType != JsonTokenType.String || _reader.ValueIsEscaped)
            return TryRead(out value);
        value = RepeatedStrings.Of(_reader.ValueSpan);
        return true;
    }

    /// <summary>Reads a boolean.</summary>
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

    /// <summary>Reads a 32-bit whole number.</summary>
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

    /// <summary>Reads a time, in any form that <see cref="VendorTime"/> supports.</summary>
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

    /// <summary>Reads a required boolean. A null isn't valid.</summary>
    public bool TryRead(out bool value)
    {
        var isRead = TryRead(out bool? read) && read is not null;
        value = read.GetValueOrDefault();
        return isRead;
    }

    /// <summary>Reads a required whole number. A null isn't valid.</summary>
    public bool TryRead(out long value)
    {
        var isRead = TryRead(out long? read) && read is not null;
        value = read.GetValueOrDefault();
        return isRead;
    }

    /// <summary>Reads a required 32-bit whole number. A null isn't valid.</summary>
    public bool TryRead(out int value)
    {
        var isRead = TryRead(out int? read) && read is not null;
        value = read.GetValueOrDefault();
        return isRead;
    }

    /// <summary>Reads any value, unchanged.</summary>
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

    /// <summary>Reads a list of strings. If one element isn't a string, the list can't be read.</summary>
    public bool TryRead(out ICollection<string>? value) => TryReadTexts(isRepeated: false, out value);

    /// <summary>Reads a list of strings that repeat in lists, so that equal strings share one instance.</summary>
    public bool TryReadRepeated(out ICollection<string>? value) => TryReadTexts(isRepeated: true, out value);

    /// <summary>Reads a list of models. If one element is neither an object nor null, the list can't be read.</summary>
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

    /// <summary>Reads a list of any values, unchanged.</summary>
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

    /// <summary>Reads strings by name. If one value isn't a string, the whole dictionary can't be read.</summary>
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
