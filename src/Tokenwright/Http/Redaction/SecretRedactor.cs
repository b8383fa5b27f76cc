using System.Globalization;
using System.Text;

namespace Tokenwright.Http;

/// <summary>
/// The one gate for texts: what a vendor, a proxy or the framework says leaves only through it. It knows the secrets that a call can meet
/// and puts three asterisks in place of each, and of each part of eight or more characters, however the text writes it: as it is, as URLs,
/// forms, JSON and HTML write it, in base64 and in hexadecimal digits.
/// </summary>
/// <remarks>
/// Words of the SDK itself are put together with what came through the gate, and don't go through it: no part of a secret that is a common
/// word as well makes them unreadable.
/// </remarks>
internal sealed class SecretRedactor
{
    private const string Redacted = "***";
    private const string Cut = "…";
    private const string ShortEscapes = "\"\\/bfnrt";
    private const int UnitEscape = 6;

    // A character beyond the basic plane is written as two units.
    private const int LongestEscape = 2 * UnitEscape;

    /// <summary>Media types that APIs and what stands before them use: words of the protocol, and no secrets.</summary>
    public static readonly string[] CommonTypes =
    [
        "application/json", "application/problem+json", "application/octet-stream", "application/xml", "application/xhtml+xml", "text/html",
        "text/plain", "text/xml",
    ];

    private readonly Func<IEnumerable<TokenSecret>> _secrets;
    private SecretPattern[]? _patterns;

    /// <summary>Creates a redactor.</summary>
    /// <param name="secrets">The secrets.</param>
    public SecretRedactor(IEnumerable<TokenSecret> secrets)
        : this(() => secrets)
    {
    }

    /// <summary>Creates a redactor whose secrets are asked for when the first text comes.</summary>
    /// <param name="secrets">Gets the secrets.</param>
    public SecretRedactor(Func<IEnumerable<TokenSecret>> secrets) => _secrets = secrets;

    private SecretPattern[] Patterns => _patterns ??= [.. _secrets().Distinct().Select(SecretPattern.Of)];

    /// <summary>Gets the redactor that knows what a request and its connection know.</summary>
    /// <param name="request">The request.</param>
    public static SecretRedactor Of(HttpRequestMessage request) => new(() => RequestSecrets.Of(request));

    /// <summary>Gets a text without secrets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secrets">The secrets.</param>
    public static string Redact(string text, IEnumerable<TokenSecret> secrets) => new SecretRedactor(secrets).Redact(text);

    /// <summary>Gets a text without secrets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">
    /// How many UTF-16 units of it are kept; what is longer ends with an ellipsis. What stands behind the cut is looked at only as far as
    /// it can tell that the text before belongs to a secret.
    /// </param>
    /// <returns>The same text if it shows nothing and is not cut.</returns>
    public string Redact(string text, int longest = int.MaxValue)
    {
        var isCut = text.Length > longest;
        var kept = isCut && char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : Math.Min(longest, text.Length);
        var seen = isCut ? text[..(int)Math.Min(text.Length, (long)longest + SecretPattern.Reach)] : text;
        List<(int Start, int End)>? places = null;
        foreach (var pattern in Patterns)
            pattern.Find(seen, (start, end) => (places ??= []).Add((start, end)));
        if (places is null && !isCut)
            return text;
        var redacted = new StringBuilder(kept);
        var done = 0;
        foreach (var (start, end) in Merged(seen, places ?? []))
        {
            if (start >= kept)
                break;
            redacted.Append(text, done, start - done).Append(Redacted);
            done = end;
        }

        if (done < kept)
            redacted.Append(text, done, kept - done);
        return redacted.Append(isCut ? Cut : string.Empty).ToString();
    }

    /// <summary>
    /// Gets headers without secrets, neither in their names nor in their values. A common media type stays, also where a secret has a word
    /// of it: whose error it is depends on it.
    /// </summary>
    /// <param name="headers">The headers.</param>
    public Dictionary<string, IEnumerable<string>> Redact(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers)
        => headers.GroupBy(header => Redact(header.Key), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                group => group.Key, group => (IEnumerable<string>)[.. group.SelectMany(header => header.Value).Select(RedactValue)]);

    private string RedactValue(string value)
        => CommonTypes.FirstOrDefault(type => value.StartsWith(type, StringComparison.OrdinalIgnoreCase)
            && (value.Length == type.Length || value[type.Length] == ';')) is { } common
            ? common + Redact(value[common.Length..])
            : Redact(value);

    private static IEnumerable<(int Start, int End)> Merged(string text, List<(int Start, int End)> places)
    {
        places.Sort();
        for (var i = 0; i < places.Count;)
        {
            var (start, end) = places[i++];
            for (var isWhole = false; !isWhole;)
            {
                while (i < places.Count && places[i].Start <= end)
                    end = Math.Max(end, places[i++].End);
                (start, end) = WithWholeEscapes(text, start, end);
                isWhole = i == places.Count || places[i].Start > end;
            }

            yield return (start, end);
        }
    }

    // Half of an escape that stays behind would end the string it stands in, or leave JSON that nobody can read.
    private static (int Start, int End) WithWholeEscapes(string text, int start, int end)
    {
        for (var before = Math.Max(0, start - LongestEscape + 1); before < start; before++)
        {
            if (EndOfEscape(text, before) > start)
                return WithWholeEscapes(text, before, end);
        }

        for (var within = Math.Max(start, end - LongestEscape + 1); within < end; within++)
            end = Math.Max(end, EndOfEscape(text, within));
        return (start, end);
    }

    // Zero where none begins: at anything but a backslash that is not escaped itself.
    private static int EndOfEscape(string text, int start)
    {
        if (text[start] != '\\' || start + 1 == text.Length)
            return 0;
        var backslashes = 0;
        while (backslashes < start && text[start - 1 - backslashes] == '\\')
            backslashes++;
        if (backslashes % 2 == 1)
            return 0;
        if (UnitAt(text, start) is not { } unit)
            return ShortEscapes.Contains(text[start + 1], StringComparison.Ordinal) ? start + 2 : 0;
        var isPair = char.IsHighSurrogate(unit) && UnitAt(text, start + UnitEscape) is { } low && char.IsLowSurrogate(low);
        return start + (isPair ? LongestEscape : UnitEscape);
    }

    // What an escape of four hexadecimal digits stands for; null where none stands.
    private static char? UnitAt(string text, int start)
        => start + UnitEscape <= text.Length && text[start] == '\\' && text[start + 1] == 'u'
            && ushort.TryParse(
                text.AsSpan(start + 2, UnitEscape - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
                ? (char)unit
                : null;
}
