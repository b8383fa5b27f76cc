using System.Text.Json;

namespace Tokenwright.FuzzTests.Mutation;

/// <summary>Values that readers often fail on, as raw JSON or almost JSON.</summary>
internal static class OddValues
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1.5", "1e2", "1E400", "-1e-400", "0.1e1", "2147483647", "2147483648", "-2147483649", "9223372036854775807",
        "9223372036854775808", "-9223372036854775809",
        "1795379823917", "253402300799999", "253402300800000", "8640000000000001", "79228162514264337593543950336", new string('9', 400),
        "-" + new string('1', 70), "0." + new string('3', 60),
        "01", "1.", ".5", "+1", "0x1F", "NaN", "Infinity", "-Infinity",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "null", "true", "0", "-1", "1e3", "[]", "{}", ".", "..", "../", "%2e%2e", "a/b?c#d", "\\/", "\\u0000", "\\r\\n\\t\\b",
        "\\u2028\\u0085", "\\ud83d\\ude00", "\\ud800", "\\udc00\\ud800", "x\\ud83d",
        "\\\"", "\\\\", "\\x", "\\u12", "\t", "\r\n", "İıſK", "\u202e\u200f", "\ufeff", "\ufffe", "😀", "<script>",
        "http://elsewhere.example/", "eyJhbGciOiJIUzI1NiJ9.e30.x",
        new string('a', 1000), new string('é', 9000), new string('\\', 512),
    ];

    private static readonly string[] Times =
    [
        "2026-09-07T14:50:03Z", "2026-09-07T14:50:03.000+0000", "2026-09-07T14:50:03.123456789+08:00", "2026-09-07T14:50Z",
        "2026-09-07T14:50:03", "2026-09-07", "2026-09-07T14:50:60Z",
        "2026-09-07T24:00:00Z", "2026-13-45T99:99:99Z", "2026-02-30T00:00:00Z", "0000-00-00T00:00:00Z", "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.9999999-14:00", "9999-12-31T23:59:59.99999999999Z",
        "2026-09-07T14:50:03+99:99", "2026-09-07T14:50:03-00:00", "2026-09-07T14:50:03+14",
        "٢٠٢٦-٠٩-٠٧T14:50:03Z", "２０２６-０９-０７",
        "2026-09-07T14:50:03.٥Z", "2026-09-07T14:50:03." + new string('9', 5000) + "Z",
        "1757256603", "1757256603000", "-62135596801", "99999999999999999999", "Mon, 07 Sep 2026 14:50:03 GMT", "/Date(1757256603000)/",
        "P30D", " 2026-09-07T14:50:03Z ", "2026-09-07T14:50:03Z\\u0000",
        "2026-09-07" + new string(' ', 2000) + "x",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "false", "[]", "{}", "[null]", "[[]]", "{\"\":null}", "", " ", "undefined", "nul", "tru", "new Date(1)", "'a'",
        "/**/1", "{a:1}", "[1,]", "[,1]", "{\"a\":1,}", "\"", "[", "{", "]", "}",
    ];

    /// <summary>Returns a value of any kind.</summary>
    public static JsonTree Any(Random random) => JsonTree.Leaf(random.Next(4) switch
    {
        0 => Of(random, Numbers),
        1 => Quoted(random, Texts),
        2 => Quoted(random, Times),
        _ => Of(random, Others),
    });

    /// <summary>Returns a value of a leaf's kind.</summary>
    public static JsonTree Like(Random random, JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => JsonTree.Leaf(Quoted(random, random.Next(2) == 0 ? Texts : Times)),
        JsonValueKind.Number => JsonTree.Leaf(Of(random, Numbers)),
        _ => Any(random),
    };

    private static string Of(Random random, string[] values) => values[random.Next(values.Length)];

    private static string Quoted(Random random, string[] texts) => $"\"{Of(random, texts)}\"";
}
