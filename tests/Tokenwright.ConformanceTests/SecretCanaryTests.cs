using System.Diagnostics;
using System.Text;

namespace Tokenwright.ConformanceTests;

/// <summary>The canary finds secrets wherever an object shows them, and reports no other place.</summary>
internal sealed class SecretCanaryTests
{
    private const string Secret = "s3cret/with+marks&0123456789-and-some-length";

    private static readonly SecretCanary Canary = new([Secret, "short"]);

    private static IEnumerable<TestCaseData> Shown()
    {
        static TestCaseData Case(string name, object value, params string[] places)
            => new TestCaseData(value, places).SetArgDisplayNames(name);

        yield return Case("text", $"before {Secret} after", "it");
        yield return Case("text in other letters", Secret.ToUpperInvariant(), "it");
        yield return Case("the beginning of it", Secret[..30], "it");
        yield return Case("bytes", Encoding.UTF8.GetBytes(Secret), "it");
        yield return Case("in a URL", new Uri($"https://a/?x={Uri.EscapeDataString(Secret)}"), "it.ToString()", "it.PathAndQuery",
            "it.AbsoluteUri", "it.Query", "it.OriginalString");
        yield return Case("in JSON", """{"a":"s3cret/with\u002Bmarks\u00260123456789-and-some-length"}""", "it");
        yield return Case("in base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), "it");
        yield return Case("a property", new { A = new { B = Secret } }, "it.ToString()", "it.A.ToString()", "it.A.B");
        yield return Case("an item", new[] { "a", Secret }, "it[1]");
        yield return Case("an exception's message", new InvalidOperationException(Secret), "it.ToString()", "it.Message");
        yield return Case("an inner exception's message", new InvalidOperationException("a", new FormatException(Secret)), "it.ToString()",
            "it.InnerException.ToString()", "it.InnerException.Message");
        yield return Case("one of several causes", new AggregateException("a", new FormatException("b"), new FormatException(Secret)),
            "it.ToString()", "it.Message", "it.InnerExceptions[1].ToString()", "it.InnerExceptions[1].Message");
        yield return Case("an exception's data", new InvalidOperationException("a") { Data = { ["k"] = Secret } }, "it.Data[0].Value");
        yield return Case("what a debugger displays", new Displayed(), "it in a debugger");
        yield return Case("what a debugger shows in its place", new Proxied(), "it in a debugger.Shown");
    }

    [TestCaseSource(nameof(Shown))]
    public void A_secret_that_is_shown_is_found(object value, string[] places)
        => Assert.That(Canary.Find(value, "it"), Is.SupersetOf(places));

    [Test]
    public void An_object_without_a_visible_secret_passes()
    {
        Assert.That(Canary.Find(null, "it"), Is.Empty);
        Assert.That(Canary.Find("short", "it"), Is.Empty, "too short to be told from chance");
        Assert.That(Canary.Find(new TokenSecret(Secret), "it"), Is.Empty);
        Assert.That(Canary.Find(new IssuedToken
            { Token = new ApiToken { Vendor = "v", Connection = "c", Name = "n" }, Secret = new TokenSecret(Secret) }, "it"), Is.Empty);
        Assert.That(Canary.Find(TokenReference.ByIdAndSecret("id", new TokenSecret(Secret)), "it"), Is.Empty);
    }

    [TestCase("{0}", 0, 8)]
    [TestCase("a {0} b", 17, 8)]
    [TestCase("in {0}", 20, 12)]
    public void Parts_of_a_random_secret_are_found(string format, int start, int length)
    {
        const string Random = "q7Zk2Xw9Lm4Rt8Vb3Nc6";
        var canary = new SecretCanary([], [Random]);
        var bytes = Encoding.UTF8.GetBytes($"u:{Random}!");
        string[] forms = [Random, Convert.ToBase64String(bytes)[4..^4], Convert.ToHexString(bytes[2..^1])];

        foreach (var form in forms)
        {
            var text = string.Format(
                System.Globalization.CultureInfo.InvariantCulture, format, form.Substring(Math.Min(start, form.Length - length), length));
            Assert.That(canary.Find(text, "it"), Is.EqualTo(new[] { "it" }), text);
            Assert.That(canary.Find(text.ToUpperInvariant(), "it"), Is.EqualTo(new[] { "it" }), text);
        }

        Assert.That(canary.Find($"{Random[..7]} {Random[8..15]}", "it"), Is.Empty, "seven characters are few enough");
    }

    [Test]
    public void A_cyclic_object_graph_is_handled()
    {
        var node = new Node();
        node.Next = new Node { Next = node, Text = Secret };

        Assert.That(Canary.Find(node, "it"), Is.EqualTo(new[] { "it.Next.Text" }));
    }

    [DebuggerDisplay("{_hidden.Length} {Reveal(),nq}")]
    private sealed class Displayed
    {
        private readonly string _hidden = Secret;

        private string Reveal() => _hidden;
    }

    [DebuggerTypeProxy(typeof(Proxy))]
    private sealed class Proxied
    {
        private sealed class Proxy(Proxied proxied)
        {
            public string Shown => proxied is null ? string.Empty : Secret;
        }
    }

    private sealed class Node
    {
        public Node? Next { get; set; }

        public string? Text { get; set; }
    }
}
