using Tokenwright.Http;

namespace Tokenwright.UnitTests;

internal sealed class SecretRedactorTests
{
    private const string Secret = "a/b+c d\"é<%\\'&😀e";

    // As the encoders of the vendors' languages write it. They leave different characters unencoded.
    [TestCase(Secret)]
    [TestCase("A/B+C D\"é<%\\'&😀E", Description = "A log in capitals.")]
    [TestCase("a%2Fb%2Bc%20d%22%C3%A9%3C%25%5C%27%26%F0%9F%98%80e")]
    [TestCase("a%2fb%2bc+d%22%c3%a9%3c%25%5c'%26%f0%9f%98%80e", Description = "A form, in small digits.")]
    [TestCase("a%252Fb%252Bc%2520d%2522%25C3%25A9%253C%2525%255C%2527%2526%25F0%259F%2598%2580e", Description = "Encoded twice.")]
    [TestCase("""a\/b+c d\"é<%\\'&😀e""", Description = "JSON of PHP.")]
    [TestCase("""a/b\u002Bc d\u0022\u00E9\u003C%\\\u0027\u0026\uD83D\uDE00e""")]
    [TestCase("""a/b+c d\"\u00e9<%\\'&\ud83d\ude00e""", Description = "JSON in ASCII, in small digits.")]
    [TestCase("""a\/b+c d\\\"\\u00e9<%\\\\'&😀e""", Description = "JSON within JSON.")]
    [TestCase("a/b+c d&quot;é&lt;%\\&#39;&amp;😀e")]
    [TestCase("a/b+c d&#x22;&eacute;&#60;%\\&apos;&amp;&#128512;e")]
    public void A_secret_is_redacted_however_it_is_written(string written)
        => Assert.That(SecretRedactor.Redact($"<{written}> and {written}.", [new TokenSecret(Secret)]), Is.EqualTo("<***> and ***."));

    [TestCase("a/b+c d", Description = "Seven characters of it.")]
    [TestCase("%2Fb%2Bc%20d%22%C3%A8%3C%25%5C%27%26%F0%9F%98%80e", Description = "Another letter parts it into two times seven.")]
    [TestCase("a%")]
    [TestCase("a%2")]
    [TestCase("a\\")]
    [TestCase("a\\u00")]
    [TestCase("a&#x2f")]
    [TestCase("")]
    public void Other_text_is_not_changed(string text)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(Secret)]), Is.EqualTo(text));

    [Test]
    public void Letters_with_more_than_two_cases_are_redacted_in_all_cases()
        => Assert.That(SecretRedactor.Redact("Ǆ ǅ ǆ", [new TokenSecret("ǆ")]), Is.EqualTo("*** *** ***"));

    [Test]
    public void Two_secrets_with_the_same_beginning_are_both_redacted_completely()
        => Assert.That(SecretRedactor.Redact("hush and hush-hush", [new TokenSecret("hush"), new TokenSecret("hush-hush")]),
            Is.EqualTo("*** and ***"));

    // Parts of the sent token in real responses: halves, ends and encodings.
    [TestCase("invalid_grant: Invalid refresh token: q7Zk2Xw9Lm4Rt8Vb", "invalid_grant: Invalid refresh token: ***")]
    [TestCase("…3Nc6Yd1Hf5Js0Pg is unknown", "…*** is unknown")]
    [TestCase("q7Zk2Xw9 is enough, and so is w9Lm4Rt8", "*** is enough, and so is ***")]
    [TestCase("q7Zk2Xw", "q7Zk2Xw", Description = "Seven characters are too few.")]
    [TestCase("q7Zk2Xw9Lm4RtXX8Vb3Nc6Y", "***XX***", Description = "Two parts with something else between.")]
    [TestCase("q7Zk2Xw9Lm4RtXLm4Rt8Vb3Nc6Yd1", "***X***")]
    [TestCase("cTdaazJYdzlMbTRSdDhWYjNOYzZZZDFIZjVKczBQZw==", "***", Description = "Base64.")]
    [TestCase("aWQ6cTdaazJYdzlMbTRSdDhWYjNOYzZZZDFIZjVKczBQZw==", "aWQ***", Description = "Of id:secret, as Basic sends it.")]
    [TestCase("eDpxN1prMlh3OUxtNFJ0OFZiM05jNllkMUhmNUpzMFBnOnk", "eD***nk", Description = "Of x:secret:y without padding.")]
    [TestCase("71375a6b3258773", "***", Description = "Hexadecimal digits of seven characters and a half.")]
    [TestCase("71375A6B 3258773", "*** 3258773")]
    [TestCase("q7Zk2Xw9 Lm4Rt8V", "*** Lm4Rt8V")]
    public void Parts_and_encodings_of_eight_or_more_characters_are_redacted(string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret("q7Zk2Xw9Lm4Rt8Vb3Nc6Yd1Hf5Js0Pg")]), Is.EqualTo(redacted));

    [TestCase("abc", "abc", "***")]
    [TestCase("abc", "abcdef, xabc and ABC's", "abcdef, xabc and ***'s")]
    [TestCase("abc", "{\"a\":\"abc\",\"b\":\"\\u0061bc\"}", "{\"a\":\"***\",\"b\":\"***\"}")]
    [TestCase("a", "a cat has a tail: %22a%22", "*** cat has *** tail: %22***%22")]
    [TestCase("!a!", "b!a!b", "b***b", Description = "It is no part of a word by itself.")]
    [TestCase("secret1", "c2VjcmV0MQ==", "***", Description = "Its base64 is long enough.")]
    [TestCase("abc", "YWJj 616263", "YWJj 616263", Description = "Its encodings are too short to be told from words.")]
    public void A_short_secret_is_redacted_as_a_separate_word(string secret, string text, string redacted)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(secret)]), Is.EqualTo(redacted));

    // Wherever the text is cut, the part before the cut shows nothing of a secret in the whole text.
    [Test]
    public void A_truncated_text_shows_no_beginning_of_a_secret()
    {
        var redactor = new SecretRedactor([new TokenSecret("q7Zk2Xw9Lm4Rt8Vb3Nc6")]);
        for (var longest = 1; longest <= 30; longest++)
        {
            var cut = redactor.Redact("before q7%5Ak2Xw9Lm4Rt8Vb3Nc6 behind", longest);
            var expected = longest <= 7 ? "before "[..longest] + "…" : longest <= 29 ? "before ***…" : "before *** …";
            Assert.That(cut, Is.EqualTo(expected), $"{longest}");
        }
    }

    [TestCase("""{"a":"x\nq7Zk2Xw9Lm","b":1}""")]
    [TestCase("""{"a":"\\q7Zk2Xw9Lm\"","b":1}""")]
    [TestCase("""{"a":"\u00e9q7Zk2Xw9Lm\u00e9","b":1}""")]
    [TestCase("""{"a":"\ncTdaazJYdzlMbTRS\/","b":1}""")]
    [TestCase("""{"a":"\ud83d\udc69cTdaazJYdzlMbTRS\ud83d\udc69","b":1}""")]
    public void No_part_of_an_escape_is_left(string json)
    {
        var redacted = SecretRedactor.Redact(json, [new TokenSecret("q7Zk2Xw9Lm4Rt8Vb3Nc6")]);

        Assert.That(redacted, Does.Contain("***").And.Not.Contains("q7Zk"));
        Assert.That(() => System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, object>>(redacted)!["a"].ToString(),
            Throws.Nothing, redacted);
    }

    [Test]
    public void A_text_without_secrets_is_returned_unchanged()
    {
        var text = new string("The quick brown fox".AsSpan());

        Assert.That(SecretRedactor.Redact(text, [new TokenSecret("q7Zk2Xw9Lm4Rt8Vb3Nc6")]), Is.SameAs(text));
    }

    // Each character could be the start or a part of an encoded secret.
    [TestCase('\\')]
    [TestCase('%')]
    [TestCase('&')]
    [TestCase('a')]
    public void A_long_run_of_one_character_is_processed_quickly(char character)
    {
        var text = new string(character, 100_000);

        Assert.That(
            SecretRedactor.Redact(text, [new TokenSecret(Secret), new TokenSecret("\\\\\\x"), new TokenSecret("%%%x")]), Is.EqualTo(text));
    }
}
