using Tokenwright.Http;

namespace Tokenwright.UnitTests;

internal sealed class SecretRedactorTests
{
    private const string Secret = "a/b+c d\"é<%\\'&😀e";

    // As the vendors' languages write it: which characters they leave alone differs.
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
    public void Other_text_stays_as_it_is(string text)
        => Assert.That(SecretRedactor.Redact(text, [new TokenSecret(Secret)]), Is.EqualTo(text));

    [Test]
    public void Letters_with_more_than_two_cases_are_redacted_in_all_of_them()
        => Assert.That(SecretRedactor.Redact("Ǆ ǅ ǆ", [new TokenSecret("ǆ")]), Is.EqualTo("*** *** ***"));

    [Test]
    public void Of_two_secrets_that_begin_alike_none_is_left_in_part()
        => Assert.That(SecretRedactor.Redact("hush and hush-hush", [new TokenSecret("hush"), new TokenSecret("hush-hush")]), Is.EqualTo("*** and ***"));

    // Where each of them could be the beginning or a part of a spelling.
    [TestCase('\\')]
    [TestCase('%')]
    [TestCase('&')]
    [TestCase('a')]
    public void A_long_row_of_one_character_is_read_in_no_time(char character)
    {
        var text = new string(character, 100_000);

        Assert.That(SecretRedactor.Redact(text, [new TokenSecret(Secret), new TokenSecret("\\\\\\x"), new TokenSecret("%%%x")]), Is.EqualTo(text));
    }
}
