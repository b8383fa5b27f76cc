using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>How the redaction handles encoded secrets and escapes at the ends of a text and next to each other.</summary>
internal sealed class SpelledSecretTests
{
    // The encoding of the last character is at the end of the text.
    [TestCase("q7Zk2Xw9", @"q7Zk2Xw\u0039")]
    [TestCase("q7Zk2Xw9", @"Q7ZK2XW\U0039", Description = "A log in capitals.")]
    [TestCase("q7Zk2Xw9", "q7Zk2Xw%39")]
    [TestCase("q7Zk2Xw9", "q7Zk2Xw%252539")]
    [TestCase("q7Zk2Xw9", "q7Zk2Xw&#57;")]
    [TestCase("q7Zk2Xwé", "q7Zk2Xw%C3%A9")]
    [TestCase("q7Zk2Xw👩", "q7Zk2Xw👩")]
    [TestCase("q7Zk2Xw👩", @"q7Zk2Xw\ud83d\udc69")]
    [TestCase("q7Zk2Xw👩", @"q7Zk2Xw\\ud83d\\udc69", Description = "JSON within JSON.")]
    [TestCase("q7Zk2Xw👩", "q7Zk2Xw%F0%9F%91%A9")]
    [TestCase("q7Zk2Xw👩", "q7Zk2Xw&#128105;")]
    [TestCase("q7Zk2Xw/", @"q7Zk2Xw\/")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\\")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\\\\")]
    public void An_encoded_character_at_the_end_of_a_text_is_read(string secret, string text)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(secret)]), Is.EqualTo("***"));

    // All of the eight characters but the last one are present.
    [TestCase("q7Zk2Xw9", @"q7Zk2Xw\u003")]
    [TestCase("q7Zk2Xw9", @"q7Zk2Xw\u003g")]
    [TestCase("q7Zk2Xw9", "q7Zk2Xw%3")]
    [TestCase("q7Zk2Xw9", "q7Zk2Xw%3g")]
    [TestCase("q7Zk2Xw9", "q7Zk2Xw&#57")]
    [TestCase("q7Zk2Xwé", "q7Zk2Xw%C3")]
    [TestCase("q7Zk2Xwé", "q7Zk2Xw%C3%C3")]
    [TestCase("q7Zk2Xwé", "q7Zk2Xw%C3A9")]
    [TestCase("q7Zk2Xw👩", @"q7Zk2Xw\ud83d")]
    [TestCase("q7Zk2Xw👩", @"q7Zk2Xw\ud83dudc69")]
    [TestCase("q7Zk2Xw👩", @"q7Zk2Xw\ud83d\u0041")]
    [TestCase("q7Zk2Xw👩", "q7Zk2Xw%F0%9F%91")]
    [TestCase("q7Zk2Xw99", "7Zk2Xw%39x", Description = "One character is not read twice.")]
    public void A_truncated_encoding_of_a_character_does_not_count(string secret, string text)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(secret)]), Is.EqualTo(text));

    // A part of a secret that begins in the middle. Where it can begin depends on the encoding.
    [TestCase("ab cdefghij", "ab+cdefghij", "***")]
    [TestCase("ab cdefghij", "x+cdefghi", "x***")]
    [TestCase("abcdefghij", "x+cdefghi", "x+cdefghi")]
    [TestCase("ab👩q7Zk2Xw", "x👩q7Zk2Xw", "x***")]
    [TestCase("abéq7Zk2Xw", "xÉq7Zk2Xw", "x***")]
    [TestCase("azAZ09az", "xAZaz09AZx", "x***x")]
    [TestCase("zaAZ09az", "xZAaz09AZx", "x***x")]
    public void A_part_is_found_whatever_character_it_begins_with(string secret, string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(secret)]), Is.EqualTo(redacted));

    [TestCase("q7Zk2Xw9Hf5Js0Pg")]
    [TestCase(@"q7Zk2Xw9\nHf5Js0Pg", Description = "The escape between them belongs to the first in part.")]
    public void Adjacent_secrets_are_redacted_as_one(string text)
        => Assert.That(
            SecretRedactor.Redact(text, [new TokenSecret("Hf5Js0Pg"), new TokenSecret("q7Zk2Xw9"), new TokenSecret(@"q7Zk2Xw9\")]),
            Is.EqualTo("***"));

    [Test]
    public void The_secrets_are_requested_once_and_not_before_the_first_text()
    {
        var asked = 0;
        var redactor = new SecretRedactor(() =>
        {
            asked++;
            return [new TokenSecret("q7Zk2Xw9")];
        });
        Assert.That(asked, Is.Zero);

        Assert.That((redactor.Redact("q7Zk2Xw9"), redactor.Redact("x"), redactor.Redact("q7Zk2Xw9.")), Is.EqualTo(("***", "x", "***.")));
        Assert.That(asked, Is.EqualTo(1));
    }

    [Test]
    public void A_lone_surrogate_at_the_end_of_a_text_is_read_unchanged()
    {
        var text = "q7Zk2Xw\ud83d";

        Assert.That(SecretRedactor.Redact(text, [new TokenSecret("q7Zk2Xw👩")]), Is.EqualTo(text));
    }

    [TestCase("abcdefg&hijklmn", "abcdefg&xyz;hijklmn", "***xyz;hijklmn", Description = "No name of a character.")]
    [TestCase("abcdefg&hijklmn", "abcdefg&amp;hijklmn", "***")]
    [TestCase("/7Zk2Xw9", @"\\\\\\/7Zk2Xw9", @"\\***", Description = "Four backslashes are the most that one character has.")]
    public void A_character_that_begins_no_escape_is_literal(string secret, string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(secret)]), Is.EqualTo(redacted));

    // The character of the preceding escape decides whether the secret is a separate word.
    [TestCase("%20abc", "%20***")]
    [TestCase("%78abc", "%78abc")]
    [TestCase("%zzabc", "%zzabc")]
    [TestCase("%2520abc", "%2520***")]
    [TestCase(@"\nabc", @"\n***")]
    [TestCase(@"\\nabc", @"\\n***")]
    [TestCase(@"\xabc", @"\xabc")]
    [TestCase(@"\u0020abc", @"\u0020***")]
    [TestCase(@"\u0078abc", @"\u0078abc")]
    [TestCase(@"\u002gabc", @"\u002gabc")]
    [TestCase(@"\wxyzvabc", @"\wxyzvabc")]
    [TestCase("%F0%9F%91%A9abc", "%F0%9F%91%A9***")]
    [TestCase("%2525F0%25259F%252591%2525A9abc", "%2525F0%25259F%252591%2525A9***", Description = "The longest spelling that there is.")]
    [TestCase("👩abc👩", "👩***👩")]
    [TestCase("xabc", "xabc")]
    [TestCase("abcx", "abcx")]
    public void A_short_secret_after_an_escape_is_redacted_if_the_escape_is_no_letter(string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret("abc")]), Is.EqualTo(redacted));

    // Each place begins or ends within an escape, or right next to one.
    [TestCase("nq7Zk2Xw9", @"\nq7Zk2Xw9", "***")]
    [TestCase("nq7Zk2Xw9", @"\\nq7Zk2Xw9", @"\\***")]
    [TestCase("nq7Zk2Xw9", @"\\\nq7Zk2Xw9", @"\\***")]
    [TestCase("xq7Zk2Xw9", @"\xq7Zk2Xw9", @"\***")]
    [TestCase("q7Zk2Xw9", @"\nq7Zk2Xw9\n", @"\n***\n")]
    [TestCase("e9q7Zk2Xw9", @"x\u00e9q7Zk2Xw9", "x***")]
    [TestCase("69q7Zk2Xw9", @"x\ud83d\udc69q7Zk2Xw9", "x***")]
    [TestCase("69q7Zk2Xw9", @"\u00e9\udc69q7Zk2Xw9", @"\u00e9***")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\nx", "***x")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\xx", "***xx")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\u00e9", "***")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\u00e9x", "***x")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\u00e", "***u00e")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\u00exy", "***u00exy")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\ud83d\udc69x", "***x")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\ud83d\u0041x", @"***\u0041x")]
    [TestCase(@"q7Zk2Xw9\", @"q7Zk2Xw9\ud83dx", "***x")]
    public void An_escape_is_redacted_completely_or_not_at_all(string secret, string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(secret)]), Is.EqualTo(redacted));

    // Base64 of "q7Zk2Xw9Lm4R" is cTdaazJYdzlMbTRS. The digit on either side can contain bits of the secret.
    [TestCase("cTdaazJYdzlMbTRS", "***")]
    [TestCase("AcTdaazJYdzlMbTRS", "***")]
    [TestCase("AcTdaazJYdzlMbTRSA", "***")]
    [TestCase("AAcTdaazJYdzlMbTRSAA", "A***A")]
    [TestCase("z+cTdaazJYdzlMbTRS+z", "z***z")]
    [TestCase("z/cTdaazJYdzlMbTRS/z", "z***z")]
    [TestCase("z-cTdaazJYdzlMbTRS-z", "z***z")]
    [TestCase("z_cTdaazJYdzlMbTRS_z", "z***z")]
    [TestCase("z.cTdaazJYdzlMbTRS.z", "z.***.z")]
    [TestCase("=cTdaazJYdzlMbTRS==.", "=***.")]
    [TestCase(@"\ncTdaazJYdzlMbTRS", @"\n***")]
    [TestCase(@"x\ncTdaazJYdzlMbTRS", @"x\n***")]
    public void One_digit_on_either_side_of_base64_is_redacted_too(string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret("q7Zk2Xw9Lm4R")]), Is.EqualTo(redacted));

    // After one or two other bytes, the first digits contain bits of those.
    [TestCase("AHE3WmsyW", "AHE3WmsyW")]
    [TestCase("AHE3WmsyWH", "A***")]
    [TestCase("AABxN1prMl", "AABxN1prMl")]
    [TestCase("AABxN1prMlh", "AA***")]
    public void Digits_of_base64_that_are_those_of_other_bytes_do_not_count(string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret("q7Zk2Xw9Lm4R")]), Is.EqualTo(redacted));

    [TestCase("Pz8+Pj8/Pj4+Pz8/")]
    [TestCase("Pz8-Pj8_Pj4-Pz8_")]
    public void Both_alphabets_of_base64_are_known(string text)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret("??>>??>>>???")]), Is.EqualTo("***"));

    // "👩" has two UTF-16 units. Neither may be left alone.
    [TestCase(2, "ab…")]
    [TestCase(3, "ab…")]
    [TestCase(4, "ab👩…")]
    [TestCase(5, "ab👩c…")]
    [TestCase(7, "ab👩cde")]
    public void Truncation_does_not_split_a_character(int longest, string kept)
        => Assert.That(new SecretRedactor([new TokenSecret("q7Zk2Xw9")]).Redact("ab👩cde", longest), Is.EqualTo(kept));

    [TestCase("application/json", "application/json")]
    [TestCase("Application/JSON; charset=utf-8", "application/json; charset=utf-8")]
    [TestCase("application/json; a=q7Zk2Xw9", "application/json; a=***")]
    [TestCase("application/jsonp", "***p", Description = "No common type.")]
    [TestCase("text/csv; of=application/json", "text/csv; of=***")]
    public void A_common_media_type_in_a_header_is_not_redacted(string value, string redacted)
    {
        var redactor = new SecretRedactor([new TokenSecret("application/json"), new TokenSecret("q7Zk2Xw9")]);

        var headers = redactor.Redact(new Dictionary<string, IEnumerable<string>> { ["Content-Type"] = [value] });

        Assert.That(headers["Content-Type"], Is.EqualTo(new[] { redacted }));
    }
}
