using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
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
    // Secrets without asterisks, because those replace secrets. Shorter secrets have separate properties.
    private static readonly Gen<string> Secret = Texts.Written.Where(
        text => !text.Contains('*', StringComparison.Ordinal) && text.EnumerateRunes().Count() >= SecretPattern.PartLength);

    private static readonly Gen<string> LongSecret = Gen.Select(Secret, Secret).Select((one, other) => one + other);

    // A word that no message contains.
    private static readonly Gen<string> Rare = Secret.Select(text => $"жя{text}");

    // How common encoders write a text in URLs, forms, headers and JSON. JSON without its quotes.
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
        ("PHP's JSON", text => Inner(JsonConvert.ToString(text, '"', StringEscapeHandling.EscapeNonAscii)).Replace(
            "/", "\\/", StringComparison.Ordinal)),
        ("JSON in which everything is escaped", text => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"))),
        ("JSON within JSON", text => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(JavaScriptEncoder.Default.Encode(text))),
        ("JavaScript", HttpUtility.JavaScriptStringEncode),
        ("a quoted header", text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)),
        ("HTML", text => WebUtility.HtmlEncode(text)),
        ("capitals", text => text.ToUpperInvariant()),
    ];

    private static readonly Gen<(string Name, Func<string, string> Write)> Spelling = Gen.OneOf(Spellings);

    // Of characters that occur in no encoding of the secrets.
    private static readonly Gen<string> Plain = Gen.Char['\u0400', '\u044f'].Array[0, 12].Select(characters => new string(characters));
    private static readonly Gen<string> SecretApart = Secret.Where(text => text.All(character => character is < '\u0400' or > '\u045f'));

    private static readonly Func<byte[], string>[] Base64Writers =
    [
        Convert.ToBase64String,
        bytes => Convert.ToBase64String(bytes).TrimEnd('='),
        bytes => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'),
        bytes => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('='),
    ];

    [Test]
    public void A_redacted_text_does_not_contain_the_secret_in_any_encoding()
        => Gen.Select(Secret, Texts.All, Texts.All, Spelling).Sample(
            (secret, before, after, spelling) =>
            {
                var written = spelling.Write(secret);
                var redacted = SecretRedactor.Redact(before + written + after, [new TokenSecret(secret)]);
                return redacted.Contains("***", StringComparison.Ordinal) && !redacted.Contains(written, StringComparison.OrdinalIgnoreCase)
                    && !redacted.Contains(secret, StringComparison.OrdinalIgnoreCase);
            },
            iter: 20_000);

    [Test]
    public void Text_around_a_secret_is_not_changed()
        => Gen.Select(SecretApart, Plain, Plain.Where(text => text.Length > 0), Plain, Spelling, Spelling).Sample(
            (secret, before, between, after, one, other) =>
                SecretRedactor.Redact($"{before}{one.Write(secret)}{between}{other.Write(secret)}{after}", [new TokenSecret(secret)])
                    == $"{before}***{between}***{after}",
            iter: 5000);

    [Test]
    public void A_text_without_the_secret_is_not_changed()
        => Gen.Select(SecretApart, Texts.All).Sample(
            (secret, text) =>
            {
                var other = text.Replace(secret[0].ToString(), "я", StringComparison.OrdinalIgnoreCase)
                    .Replace("%", "я", StringComparison.Ordinal).Replace("&", "я", StringComparison.Ordinal)
                    .Replace("\\", "я", StringComparison.Ordinal).Replace("+", "я", StringComparison.Ordinal);
                return SecretRedactor.Redact(other, [new TokenSecret(secret)]) == other;
            },
            iter: 5000);

    [Test]
    public void Of_several_secrets_none_is_left()
        => Gen.Select(Secret.Array[1, 4], Spelling).Sample(
            (secrets, spelling) =>
            {
                var redacted = SecretRedactor.Redact(
                    string.Concat(secrets.Select(secret => spelling.Write(secret))), secrets.Select(secret => new TokenSecret(secret)));
                return secrets.All(secret => !redacted.Contains(secret, StringComparison.OrdinalIgnoreCase));
            },
            iter: 3000);

    [Test]
    public void No_eight_characters_of_a_secret_are_left()
        => Gen.Select(LongSecret, Gen.Int[0, 30], Gen.Int[SecretPattern.PartLength, 40], Texts.All, Texts.All, Spelling).Sample(
            (secret, start, length, before, after, spelling) =>
            {
                var characters = secret.EnumerateRunes().ToArray();
                start = Math.Min(start, characters.Length - SecretPattern.PartLength);
                var part = string.Concat(characters.Skip(start).Take(length));
                var redacted = SecretRedactor.Redact(before + spelling.Write(part) + after, [new TokenSecret(secret)]);
                return redacted.Contains("***", StringComparison.Ordinal) && Windows(secret).All(window => !redacted.Contains(window,
                    StringComparison.OrdinalIgnoreCase) && !redacted.Contains(spelling.Write(window), StringComparison.OrdinalIgnoreCase));
            },
            iter: 5000);

    // With text before and after it, like a user's name before a password.
    [Test]
    public void No_eight_digits_of_a_secret_in_base64_are_left()
        => Gen.Select(LongSecret, Texts.All, Texts.All, Gen.OneOf(Base64Writers), Spelling, Plain).Sample(
            (secret, before, after, write, spelling, around) =>
            {
                var (first, last) = (Encoding.UTF8.GetByteCount(before), Encoding.UTF8.GetByteCount(before + secret));
                var base64 = write(Encoding.UTF8.GetBytes(before + secret + after));
                var redacted = SecretRedactor.Redact($"{around}{spelling.Write(base64)}{around}", [new TokenSecret(secret)]);

                // The digits that contain only bits of the secret.
                var own = base64[(((first * 8) + 5) / 6)..(last * 8 / 6)];
                return redacted.Contains("***", StringComparison.Ordinal) && Windows(own).All(window => !redacted.Contains(
                    window, StringComparison.Ordinal) && !redacted.Contains(spelling.Write(window), StringComparison.Ordinal));
            },
            iter: 5000);

    [Test]
    public void No_eight_hexadecimal_digits_of_a_secret_are_left()
        => Gen.Select(LongSecret, Texts.All, Gen.Int[0, 24], Gen.Bool, Plain).Sample(
            (secret, before, start, isLower, around) =>
            {
                var own = Convert.ToHexString(Encoding.UTF8.GetBytes(secret))[start..];
                var hex = Convert.ToHexString(Encoding.UTF8.GetBytes(before)) + own;
                var redacted =
                    SecretRedactor.Redact($"{around}{(isLower ? hex.ToLowerInvariant() : hex)}{around}", [new TokenSecret(secret)]);
                return redacted.Contains("***", StringComparison.Ordinal)
                    && Windows(own).All(window => !redacted.Contains(window, StringComparison.OrdinalIgnoreCase));
            },
            iter: 5000);

    [Test]
    public void A_truncated_text_shows_nothing_that_the_complete_one_would_not_show()
        => Gen.Select(Texts.Written, Texts.All, Texts.All, Spelling, Gen.Int[1, 200]).Sample(
            (secret, before, after, spelling, longest) =>
            {
                var text = $"{before} {spelling.Write(secret)} {after}{spelling.Write(secret)}{after}";
                var redactor = new SecretRedactor([new TokenSecret(secret)]);
                var cut = redactor.Redact(text, longest);
                return text.Length <= longest ? cut == redactor.Redact(text) : cut.EndsWith('…')
                    && redactor.Redact(text).StartsWith(cut[..^1], StringComparison.Ordinal);
            },
            iter: 5000);

    [Test]
    public void A_short_secret_is_redacted_as_a_word_but_not_within_one()
        => Gen.Select(Gen.Char["abcxyzABCXYZ0189"].Array[1, SecretPattern.PartLength - 1].Select(characters => new string(characters)),
            Spelling, Gen.Char["ЖЯ"], Plain).Sample(
            (secret, spelling, letter, around) =>
            {
                var alone = $"{around} {spelling.Write(secret)}, \"{spelling.Write(secret)}\" %22{secret}%22 \\n{secret}=";
                var within = $"{letter}{secret}{letter} {letter}{secret} {secret}{letter}";
                TokenSecret[] secrets = [new(secret)];
                return SecretRedactor.Redact(alone, secrets) == $"{around} ***, \"***\" %22***%22 \\n***="
                    && SecretRedactor.Redact(within, secrets) == within;
            },
            iter: 5000);

    // Text that is parsed as JSON later must stay valid. An error status means less if its body is not from the API.
    [Test]
    public void Json_that_repeats_a_secret_stays_json()
        => Gen.Select(LongSecret, Texts.Written, Texts.Written,
            Gen.OneOf(Spellings.Where(spelling => spelling.Name.Contains("JSON", StringComparison.OrdinalIgnoreCase)).ToArray())).Sample(
            (secret, before, after, spelling) =>
            {
                var (start, end) = (JavaScriptEncoder.Default.Encode(before), JavaScriptEncoder.Default.Encode(after));
                var json = $$"""{"message":"{{start}}{{spelling.Write(secret)}}{{end}}","other":"{{start}}\n{{Base64(secret)}}{{end}}"}""";
                using var read = System.Text.Json.JsonDocument.Parse(SecretRedactor.Redact(json, [new TokenSecret(secret)]));
                return read.RootElement.GetProperty("message").GetString()!.Contains("***", StringComparison.Ordinal)
                    && read.RootElement.GetProperty("other").GetString()!.Contains("***", StringComparison.Ordinal);
            },
            iter: 5000);

    // Over a socket, up to the exception that a caller sees: the connection's secrets, and those that it got in exchange.
    [Test]
    public async Task An_error_that_repeats_a_secret_of_the_connection_does_not_show_it()
    {
        using var server = new VendorServer();
        var (accessToken, error) = (string.Empty, string.Empty);
        server.On("POST", "/oauth/token",
            _ => VendorResponse.Json(200, JsonSerializer.Serialize(new Dictionary<string, string> { ["access_token"] = accessToken })));
        server.On("GET", "/*", _ => VendorResponse.Json(403, error));

        // Characters that a header allows.
        var carried = Texts.Written.Where(text => !text.Contains('*', StringComparison.Ordinal)
            && text.Trim().Length == text.Length && text.All(character => character is >= ' ' and <= '~'));
        var json = Gen.OneOf(Spellings.Where(spelling => spelling.Name.Contains("Json", StringComparison.Ordinal)
            || spelling.Name.Contains("JSON", StringComparison.Ordinal)).ToArray());
        await Gen.Select(carried, carried, json).SampleAsync(
            async sample =>
            {
                var (given, exchanged, spelling) = sample;
                accessToken = $"{exchanged}-exchanged";
                var text = $"Не {spelling.Write(given + "-given")} и не {spelling.Write(accessToken)}.";
                error = $$"""{"messages":[{"text":"{{text}}"}]}""";
                using var client = new SailPointTokenClient(
                    "prod", new SailPointOptions { BaseAddress = server.BaseAddress, MaxRetries = 0, CallsPerWindow = null, ClientId = "id",
                        ClientSecret = new TokenSecret($"{given}-given") });
                try
                {
                    await client.GetAsync(TokenReference.Self);
                    return false;
                }
                catch (TokenPermissionException exception)
                {
                    return exception.VendorMessage == "Не *** и не ***." && !exception.ToString().Contains($"{given}-given",
                        StringComparison.Ordinal) && !exception.ToString().Contains(accessToken, StringComparison.Ordinal);
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
                    secret.ToString(), $"{secret}", $"{secret,40}", $"{secret:X}", string.Format(CultureInfo.InvariantCulture, "{0} {0:G}",
                        secret), string.Concat("a", secret), Convert.ToString(secret, CultureInfo.InvariantCulture),
                    new { secret }.ToString(), Tuple.Create(secret).ToString(), TokenReference.BySecret(secret).ToString(),
                        TokenReference.ByIdAndSecret("id", secret).ToString(),
                    typeof(TokenSecret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value,
                    Outcome(() => converter.ConvertToString(secret)), Outcome(() => converter.ConvertTo(secret, typeof(string))),
                    Outcome(() => JsonSerializer.Serialize(secret)), Outcome(() => JsonSerializer.Serialize(new { A = new[] { secret } })),
                    Outcome(() => JsonSerializer.Serialize(new Dictionary<TokenSecret, int> { [secret] = 1 })),
                    Outcome(() => JsonConvert.SerializeObject(secret)), Outcome(() => JsonConvert.SerializeObject(new { A =
                        new[] { secret } })), Outcome(() => JsonConvert.SerializeObject(new Dictionary<TokenSecret, int> { [secret] = 1 })),
                    Outcome(() => Written(stream => new DataContractSerializer(typeof(TokenSecret)).WriteObject(stream, secret))),
                    Outcome(() => Written(stream => new XmlSerializer(typeof(TokenSecret)).Serialize(stream, secret))),
                    Outcome(() => new TokenSecret($"{text}\n")),
                ];
                return printed.All(print => print is null || !print.Contains(text, StringComparison.OrdinalIgnoreCase));
            },
            iter: 200);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // Returns all parts of eight characters.
    private static IEnumerable<string> Windows(string text)
    {
        var characters = text.EnumerateRunes().ToArray();
        return Enumerable.Range(0, Math.Max(0, characters.Length - SecretPattern.PartLength + 1))
            .Select(start => string.Concat(characters.Skip(start).Take(SecretPattern.PartLength)));
    }

    private static string Inner(string quoted) => quoted[1..^1];

    // Returns the text, or the message of the exception.
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
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
