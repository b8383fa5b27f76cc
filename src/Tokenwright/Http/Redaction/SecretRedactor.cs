using System.Globalization;
using System.Text;

namespace Tokenwright.Http;

/// <summary>
/// Redacts secrets in texts. Every text from a vendor, a proxy or the framework passes through it. It replaces each known secret, and each
/// part with eight or more characters, with three asterisks, in any of these encodings: plain, URL, form, JSON, HTML, base64 and
/// hexadecimal.
/// </summary>
/// <remarks>
/// Texts of the SDK itself are combined with redacted texts and aren't redacted. So they stay readable even if a part of a secret is a
/// common word.
/// </remarks>
internal sealed class SecretRedactor
{
    private const string Redacted = "***";
    private const string Cut = "…";
    private const string ShortEscapes = "\"\\/bfnrt";
    private const int UnitEscape = 6;

    // A character outside the basic plane is written as two units.
    private const int LongestEscape = 2 * UnitEscape;

    /// <summary>The media types that APIs and proxies use. They belong to the protocol and aren't secrets.</summary>
    public static readonly string[] CommonTypes =
    [
        "application/json", "application/problem+json", "application/octet-stream", "application/xml", "application/xhtml+xml", "text/html",
        "text/plain", "text/xml",
    ];

    private readonly Func<IEnumerable<TokenSecret>> _secrets;
    private SecretPattern[]? _patterns;

    /// <summary>Initializes a new instance of the <see cref="SecretRedactor"/> class.</summary>
    /// <param name="secrets">The secrets.</param>
    public SecretRedactor(IEnumerable<TokenSecret> secrets)
        : this(() => secrets)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="SecretRedactor"/> class that reads its secrets when they are needed.</summary>
    /// <param name="secrets">Returns the secrets.</param>
    public SecretRedactor(Func<IEnumerable<TokenSecret>> secrets) => _secrets = secrets;

    private SecretPattern[] Patterns => _patterns ??= [.. _secrets().Distinct().Select(SecretPattern.Of)];

    /// <summary>Gets the redactor with the secrets of a request and its connection.</summary>
    /// <param name="request">The request.</param>
    public static SecretRedactor Of(HttpRequestMessage request) => new(() => RequestSecrets.Of(request));

    /// <summary>Redacts secrets in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="secrets">The secrets.</param>
    public static string Redact(string text, IEnumerable<TokenSecret> secrets) => new SecretRedactor(secrets).Redact(text);

    /// <summary>Redacts secrets in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">
    /// The maximum number of UTF-16 units to keep. A longer text ends with an ellipsis. Text after the cut is examined only as far as
    /// needed to decide whether the text before it belongs to a secret.
    /// </param>
    /// <returns>The same text if it contains no secrets and isn't cut.</returns>
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
    /// Redacts secrets in the names and values of headers. A common media type is kept even if a secret contains one of its words, because
    /// it shows who sent an error.
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

    // A partial escape would end the string around it, or leave invalid JSON.
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

    // Returns zero if no escape begins here: the character isn't a backslash, or it is escaped itself.
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

    // Gets the UTF-16 unit of an escape with four hexadecimal digits; null if there is none.
    private static char? UnitAt(string text, int start)
        => start + UnitEscape <= text.Length && text[start] == '\\' && text[start + 1] == 'u'
            && ushort.TryParse(
                text.AsSpan(start + 2, UnitEscape - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
                ? (char)unit
                : null;
}
