namespace Tokenwright.UnitTests;

internal sealed class TokenReferenceTests
{
    private static readonly TokenSecret Secret = new("very-secret");

    [Test]
    public void Each_kind_contains_its_identifying_values()
    {
        Assert.That(Parts(TokenReference.ById("a/b")), Is.EqualTo((TokenReferenceKinds.Id, "a/b", (TokenSecret?)null, (string?)null)));
        Assert.That(Parts(TokenReference.BySecret(Secret)), Is.EqualTo((TokenReferenceKinds.Secret, (string?)null, Secret, (string?)null)));
        Assert.That(
            Parts(TokenReference.ByIdAndSecret("i", Secret)), Is.EqualTo((TokenReferenceKinds.IdAndSecret, "i", Secret, (string?)null)));
        Assert.That(Parts(TokenReference.ByKey("k")), Is.EqualTo((TokenReferenceKinds.Key, (string?)null, (TokenSecret?)null, "k")));
        Assert.That(Parts(TokenReference.Self), Is.EqualTo((TokenReferenceKinds.Self, (string?)null, (TokenSecret?)null, (string?)null)));
    }

    [Test]
    public void Its_text_redacts_secrets()
    {
        Assert.That(TokenReference.BySecret(Secret).ToString(), Is.EqualTo("secret ***"));
        Assert.That(TokenReference.ByIdAndSecret("i", Secret).ToString(), Is.EqualTo("id i with secret ***"));
    }

    [TestCase(".")]
    [TestCase("..")]
    [TestCase("")]
    [TestCase("  ")]
    [TestCase("a\nb")]
    [TestCase("a\u007fb")]
    [TestCase("a\u0085b")]
    public void Ids_that_would_change_a_URL_are_refused(string id)
    {
        Assert.That(() => TokenReference.ById(id), Throws.ArgumentException);
        Assert.That(() => TokenReference.ByKey(id), Throws.ArgumentException);
        Assert.That(() => TokenReference.ByIdAndSecret(id, Secret), Throws.ArgumentException);
    }

    [Test]
    public void Ids_with_a_lone_surrogate_are_refused_because_they_would_arrive_changed()
    {
        Assert.That(() => TokenReference.ById("a\ud83d"), Throws.ArgumentException.With.Message.Contains("U+D83D"));
        Assert.That(() => TokenReference.ByKey("\ude00\ud83d"), Throws.ArgumentException.With.Message.Contains("U+DE00"));
        Assert.That(TokenReference.ById("😀").Id, Is.EqualTo("😀"));
    }

    private static (TokenReferenceKinds, string?, TokenSecret?, string?) Parts(TokenReference reference)
        => (reference.Kind, reference.Id, reference.Secret, reference.Key);
}
