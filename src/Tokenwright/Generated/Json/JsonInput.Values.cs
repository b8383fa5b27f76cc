using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Tokenwright.Generated;

/// <content>Reads single values.</content>
public ref partial struct JsonInput
{
    private static bool Found(DateTimeOffset time, [NotNull] out DateTimeOffset? value)
    {
        value = time;
        return true;
    }

    private bool TryReadTexts(bool isRepeated, out ICollection<string>? value)
    {
        value = null;
        if (_reader.TokenType != JsonTokenType.StartArray)
            return _reader.TokenType == JsonTokenType.Null;
        var start = _reader;
        var items = _spares is null ? [] : _spares.TakeTexts();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (!(isRepeated ? TryReadRepeated(out string? item) : TryRead(out item)))
            {
                _reader = start;
                return false;
            }

            items.Add(item!);
        }

        value = items;
        return true;
    }

    // Half of a surrogate pair, or invalid UTF-8, is valid JSON syntax but not a text.
    private readonly bool TryGetString(out string? value)
    {
        try
        {
            value = _reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            value = null;
            return false;
        }
    }

    private readonly bool TryConvert<T>(Func<object?, IFormatProvider, T> convert, out T? value)
        where T : struct
    {
        value = null;
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
            || (_reader.TokenType is JsonTokenType.True or JsonTokenType.False && typeof(T) != typeof(bool)))
            return false;
        try
        {
            value = convert(Scalar(), CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception exception)
            when (exception is FormatException or OverflowException or InvalidCastException or InvalidOperationException)
        {
            return false;
        }
    }

    // Newtonsoft.Json is configured in the same way: whole numbers have 64 bits, and others are decimals if they fit.
    private readonly object? Scalar() => _reader.TokenType switch
    {
        JsonTokenType.String => _reader.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number when _reader.TryGetInt64(out var number) => number,
        JsonTokenType.Number when _reader.TryGetDecimal(out var number) => number,
        JsonTokenType.Number => _reader.GetDouble(),
        _ => null,
    };

    private RawJson Raw() => RawJson.Of(RawBytes());

    private ReadOnlySpan<byte> RawBytes()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _json[start..(int)_reader.BytesConsumed];
    }

    private readonly ReadOnlySpan<byte> Unescaped()
    {
        try
        {
            var name = new byte[_reader.ValueSpan.Length];
            return name.AsSpan(0, _reader.CopyString(name));
        }
        catch (InvalidOperationException)
        {
            // The name contains half of a surrogate pair, so no model has it.
            return _reader.ValueSpan;
        }
    }
}
