using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Encodings.Web;
using System.Web;
using System.Xml.Serialization;
using CsCheck;
using Newtonsoft.Json;
using Tokenwright.Http;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace Tokenwright.UnitTests.Properties;

internal sealed class RedactionProperties
{
    // The asterisk is what a mask is made of.
    private static readonly Gen<string> Secret = Texts.Written.Where(text => !text.Contains('*', StringComparison.Ordinal));

    // What no message says by itself.
    private static readonly Gen<string> Rare = Secret.Select(text => $"жя{text}");

    // How URLs, forms, headers and JSON write a text, by the encoders that are about. JSON without its quotes.
    private static readonly (string Name, Func<string, string> Write)[] Spellings =
    [
        ("as it is", text => text),
        ("a URL", Uri.EscapeDataString),
        ("a URL, in small digits", text => HttpUtility.UrlPathEncode(text).Replace("%", "%25", StringComparison.Ordinal)),
        ("a URL within a URL", text => Uri.EscapeDataString(Uri.EscapeDataString(text))),
        ("a form", WebUtility.UrlEncode),
        ("a form, in small digits", text => HttpUtility.UrlEncode(text)),
        ("System.Text.Json", JavaScriptEncoder.Default.Encode),
        ("System.Text.Json, relaxed", JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode),
        ("Newtonsoft.Json", text => Inner(JsonConvert.ToString(text))),
        ("Newtonsoft.Json, for HTML", text => Inner(JsonConvert.ToString(text, '"', StringEscapeHandling.EscapeHtml))),
        ("Newtonsoft.Json, in ASCII", text => Inner(JsonConvert.ToString(text, '"', StringEscapeHandling.EscapeNonAscii))),
        ("PHP's JSON", text => Inner(JsonConvert.ToString(text, '"', StringEscapeHandling.EscapeNonAscii)).Replace("/", "\\/", StringComparison.Ordinal)),
        ("JSON in which everything is escaped", text => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"))),
        ("JSON within JSON", text => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(JavaScriptEncoder.Default.Encode(text))),
        ("JavaScript", HttpUtility.JavaScriptStringEncode),
        ("a quoted header", text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)),
        ("HTML", text => WebUtility.HtmlEncode(text)),
        ("capitals", text => text.ToUpperInvariant()),
    ];

    private static readonly Gen<(string Name, Func<string, string> Write)> Spelling = Gen.OneOf(Spellings);

    // Of characters that no spelling of the secrets that go with it has.
    private static readonly Gen<string> Plain = Gen.Char['\u0400', '\u044f'].Array[0, 12].Select(characters => new string(characters));
    private static readonly Gen<string> SecretApart = Secret.Where(text => text.All(character => character is < '\u0400' or > '\u045f'));

    [Test]
    public void A_masked_text_does_not_contain_the_secret_in_any_spelling()
        => Gen.Select(Secret, Texts.All, Texts.All, Spelling).Sample(
            (secret, before, after, spelling) =>
            {
                var written = spelling.Write(secret);
                var masked = SentSecrets.Mask(before + written + after, [new TokenSecret(secret)]);
                return masked.Contains("***", StringComparison.Ordinal) && !masked.Contains(written, StringComparison.OrdinalIgnoreCase) && !masked.Contains(secret, StringComparison.OrdinalIgnoreCase);
            },
            iter: 20_000);

    [Test]
    public void What_stands_around_the_secret_stays()
        => Gen.Select(SecretApart, Plain, Plain.Where(text => text.Length > 0), Plain, Spelling, Spelling).Sample(
            (secret, before, between, after, one, other) =>
                SentSecrets.Mask($"{before}{one.Write(secret)}{between}{other.Write(secret)}{after}", [new TokenSecret(secret)]) == $"{before}***{between}***{after}",
            iter: 5000);

    [Test]
    public void A_text_without_the_secret_stays_as_it_is()
        => Gen.Select(SecretApart, Texts.All).Sample(
            (secret, text) =>
            {
                var other = text.Replace(secret[0].ToString(), "я", StringComparison.OrdinalIgnoreCase).Replace("%", "я", StringComparison.Ordinal).Replace("&", "я", StringComparison.Ordinal).Replace("\\", "я", StringComparison.Ordinal).Replace("+", "я", StringComparison.Ordinal);
                return SentSecrets.Mask(other, [new TokenSecret(secret)]) == other;
            },
            iter: 5000);

    [Test]
    public void Of_several_secrets_none_is_left()
        => Gen.Select(Secret.Array[1, 4], Spelling).Sample(
            (secrets, spelling) =>
            {
                var masked = SentSecrets.Mask(string.Concat(secrets.Select(secret => spelling.Write(secret))), secrets.Select(secret => new TokenSecret(secret)));
                return secrets.All(secret => !masked.Contains(secret, StringComparison.OrdinalIgnoreCase));
            },
            iter: 3000);

    // Over a socket, up to what a caller sees: the secrets that the connection was given, and those that it was given in exchange.
    [Test]
    public async Task An_error_that_repeats_a_secret_of_the_connection_does_not_show_it()
    {
        using var server = new VendorServer();
        var (accessToken, error) = (string.Empty, string.Empty);
        server.On("POST", "/oauth/token", _ => VendorAnswer.Json(200, JsonSerializer.Serialize(new Dictionary<string, string> { ["access_token"] = accessToken })));
        server.On("GET", "/*", _ => VendorAnswer.Json(403, error));

        // What a header can carry.
        var carried = Secret.Where(text => text.Trim().Length == text.Length && text.All(character => character is >= ' ' and <= '~'));
        var json = Gen.OneOf(Spellings.Where(spelling => spelling.Name.Contains("Json", StringComparison.Ordinal) || spelling.Name.Contains("JSON", StringComparison.Ordinal)).ToArray());
        await Gen.Select(carried, carried, json).SampleAsync(
            async sample =>
            {
                var (given, exchanged, spelling) = sample;
                accessToken = $"{exchanged}-exchanged";
                error = $$"""{"messages":[{"text":"Не {{spelling.Write(given + "-given")}} и не {{spelling.Write(accessToken)}}."}]}""";
                using var client = new SailPointTokenClient(
                    "prod", new SailPointOptions { BaseAddress = server.BaseAddress, MaxRetries = 0, CallsPerWindow = null, ClientId = "id", ClientSecret = new TokenSecret($"{given}-given") });
                try
                {
                    await client.GetAsync(TokenReference.Self);
                    return false;
                }
                catch (TokenPermissionException exception)
                {
                    return exception.VendorMessage == "Не *** и не ***." && !exception.ToString().Contains($"{given}-given", StringComparison.Ordinal) && !exception.ToString().Contains(accessToken, StringComparison.Ordinal);
                }
            },
            iter: 200,
            threads: 1);
    }

    [Test]
    public void A_TokenSecret_never_prints_itself()
        => Rare.Sample(
            text =>
            {
                var secret = new TokenSecret(text);
                var converter = TypeDescriptor.GetConverter(typeof(TokenSecret));
                string?[] printed =
                [
                    secret.ToString(), $"{secret}", $"{secret,40}", $"{secret:X}", string.Format(CultureInfo.InvariantCulture, "{0} {0:G}", secret), string.Concat("a", secret), Convert.ToString(secret, CultureInfo.InvariantCulture),
                    new { secret }.ToString(), Tuple.Create(secret).ToString(), TokenReference.BySecret(secret).ToString(), TokenReference.ByIdAndSecret("id", secret).ToString(),
                    typeof(TokenSecret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value,
                    Outcome(() => converter.ConvertToString(secret)), Outcome(() => converter.ConvertTo(secret, typeof(string))),
                    Outcome(() => JsonSerializer.Serialize(secret)), Outcome(() => JsonSerializer.Serialize(new { A = new[] { secret } })), Outcome(() => JsonSerializer.Serialize(new Dictionary<TokenSecret, int> { [secret] = 1 })),
                    Outcome(() => JsonConvert.SerializeObject(secret)), Outcome(() => JsonConvert.SerializeObject(new { A = new[] { secret } })), Outcome(() => JsonConvert.SerializeObject(new Dictionary<TokenSecret, int> { [secret] = 1 })),
                    Outcome(() => Written(stream => new DataContractSerializer(typeof(TokenSecret)).WriteObject(stream, secret))),
                    Outcome(() => Written(stream => new XmlSerializer(typeof(TokenSecret)).Serialize(stream, secret))),
                    Outcome(() => new TokenSecret($"{text}\n")),
                ];
                return printed.All(print => print is null || !print.Contains(text, StringComparison.OrdinalIgnoreCase));
            },
            iter: 200);

    private static string Inner(string quoted) => quoted[1..^1];

    // The text, or that of what was thrown.
    private static string? Outcome(Func<object?> print)
    {
        try
        {
            return print()?.ToString();
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    private static string Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
