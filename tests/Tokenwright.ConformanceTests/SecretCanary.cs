using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tokenwright.ConformanceTests;

/// <summary>
/// Looks for secrets in everything that an object shows: its text, its public properties and the objects they lead to, an exception's
/// causes and data, and the debugger's display. It reports where it found one, and never the secret itself.
/// </summary>
internal sealed partial class SecretCanary
{
    private const int Shortest = 12;
    private const int Deepest = 8;
    private const int MostItems = 200;

    // A truncated text can still contain most of a secret.
    private const int Prefix = 24;
    private const int LongEnoughForPrefix = 32;

    private static readonly Type[] Opaque = [typeof(Type), typeof(MemberInfo), typeof(Assembly), typeof(Module), typeof(Delegate),
        typeof(Task), typeof(CancellationToken), typeof(Thread)];

    private const int PartLength = 8;

    private static readonly ConcurrentDictionary<Type, Shape?> Shapes = new();

    private readonly string[] _spellings;
    private readonly HashSet<string> _parts;

    // Most objects show the same few texts.
    private readonly HashSet<string> _clean = new(StringComparer.Ordinal);

    /// <summary>Creates a canary for secrets. It ignores secrets of fewer than 12 characters, because they could occur by chance.</summary>
    /// <param name="secrets">The secrets. A secret made of words is found only as a whole, because its words can occur anywhere.</param>
    /// <param name="random">Randomly generated secrets. Every part of eight characters is found, also in base64 and in hexadecimal
    /// digits.</param>
    public SecretCanary(IEnumerable<string> secrets, IEnumerable<string>? random = null)
    {
        _spellings = [.. secrets.Distinct().Where(secret => secret.Length >= Shortest).SelectMany(Spellings)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        _parts = (random ?? []).SelectMany(Forms).SelectMany(Parts).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns the places where an object shows a secret; empty if there are none.</summary>
    /// <param name="value">The object.</param>
    /// <param name="name">The object's name in the returned places.</param>
    public IReadOnlyList<string> Find(object? value, string name)
    {
        var found = new List<string>();
        Look(value, name, 0, new(ReferenceEqualityComparer.Instance), found);
        return found;
    }

    private static IEnumerable<string> Spellings(string secret)
    {
        var shown = secret.Length > LongEnoughForPrefix ? new[] { secret, secret[..Prefix] } : [secret];
        return shown.SelectMany(text => new[]
        {
            text,
            Uri.EscapeDataString(text),
            WebUtility.UrlEncode(text),
            JsonEncodedText.Encode(text).ToString(),
            JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        }).Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)));
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var before = 0; before < 3; before++)
        {
            // Without the characters that also encode bits of the neighbouring text.
            var base64 =
                Convert.ToBase64String([.. new byte[before], .. bytes])[(before == 0 ? 0 : before + 1)..((before + bytes.Length) * 8 / 6)];
            yield return base64;
            yield return base64.Replace('+', '-').Replace('/', '_');
        }

        yield return Convert.ToHexString(bytes);
        yield return secret;
    }

    private static IEnumerable<string> Parts(string text)
        => Enumerable.Range(0, Math.Max(0, text.Length - PartLength + 1)).Select(start => text.Substring(start, PartLength));

    private bool HasPart(string text)
    {
        if (_parts.Count == 0)
            return false;
        var parts = _parts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start + PartLength <= text.Length; start++)
        {
            if (parts.Contains(text.AsSpan(start, PartLength)))
                return true;
        }

        return false;
    }

    private void Look(object? value, string place, int depth, HashSet<object> seen, List<string> found)
    {
        switch (value)
        {
            case null:
                return;
            case string text:
                Check(text, place, found);
                return;
            case byte[] bytes:
                Check(Encoding.UTF8.GetString(bytes), place, found);
                return;
            case char[] characters:
                Check(new string(characters), place, found);
                return;
        }

        if (ShapeOf(value) is not { } shape || depth > Deepest || (!shape.IsValue && !seen.Add(value)))
            return;
        Check(TextOf(value), $"{place}.ToString()", found);
        Check(Displayed(value, shape), $"{place} in a debugger", found);
        if (ProxyOf(value, shape) is { } proxy)
            LookAtProperties(proxy, ShapeOf(proxy)!, $"{place} in a debugger", depth, seen, found);
        if (value is IEnumerable items)
            LookAtItems(items, place, depth, seen, found);
        LookAtProperties(value, shape, place, depth, seen, found);
    }

    private void LookAtItems(IEnumerable items, string place, int depth, HashSet<object> seen, List<string> found)
    {
        var number = 0;
        foreach (var item in items)
        {
            if (number == MostItems)
                return;
            Look(item, $"{place}[{number++}]", depth + 1, seen, found);
        }
    }

    private void LookAtProperties(object value, Shape shape, string place, int depth, HashSet<object> seen, List<string> found)
    {
        foreach (var property in shape.Properties)
            Look(Try(() => property.GetValue(value)), $"{place}.{property.Name}", depth + 1, seen, found);
    }

    private void Check(string? text, string place, List<string> found)
    {
        if (text is null || _clean.Contains(text))
            return;
        if (_spellings.Any(spelling => text.Contains(spelling, StringComparison.OrdinalIgnoreCase)) || HasPart(text))
            found.Add(place);
        else
            _clean.Add(text);
    }

    private static string? TextOf(object value) => (string?)Try(value.ToString);

    // Evaluates the attribute's expressions, as far as they are members.
    private static string? Displayed(object value, Shape shape)
        => shape.Display is { } format
            ? Expression().Replace(format, match => Evaluate(value, match.Groups["path"].Value)) : null;

    private static string Evaluate(object value, string path)
    {
        object? current = value;
        foreach (var step in path.Split('.', StringSplitOptions.TrimEntries))
        {
            if (current is null)
                break;
            const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
            var (owner, type) = (current, current.GetType());
            current = step.EndsWith("()", StringComparison.Ordinal)
                ? Try(() => type.GetMethod(step[..^2], Any, [])?.Invoke(owner, null))
                : Try(() => type.GetProperty(step, Any)?.GetValue(owner) ?? type.GetField(step, Any)?.GetValue(owner));
        }

        return current is null ? string.Empty : TextOf(current) ?? string.Empty;
    }

    private static object? ProxyOf(object value, Shape shape)
        => shape.Proxy is { } proxy
            ? Try(() => Activator.CreateInstance(
                proxy, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, null, [value], null))
            : null;

    private static object? Try(Func<object?> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A property that throws shows nothing.
            return null;
        }
    }

    private static Shape? ShapeOf(object value) => Shapes.GetOrAdd(value.GetType(), static type =>
        type.IsPrimitive || type.IsEnum || Opaque.Any(opaque => opaque.IsAssignableFrom(type)) ? null : new Shape(
            type.IsValueType,
            [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(
                property => property.CanRead && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike)],
            type.GetCustomAttribute<DebuggerDisplayAttribute>()?.Value,
            type.GetCustomAttribute<DebuggerTypeProxyAttribute>() is { } attribute
                && Type.GetType(attribute.ProxyTypeName) is { ContainsGenericParameters: false } proxy ? proxy : null));

    [GeneratedRegex(@"\{(?<path>[\w.()\s]+)(,\w+)*\}")]
    private static partial Regex Expression();

    /// <summary>What is looked at in objects of a type; null for types that are not looked into.</summary>
    private sealed record Shape(bool IsValue, PropertyInfo[] Properties, string? Display, Type? Proxy);
}
