using System.Text;
using CsCheck;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests.Properties;

internal sealed class PathProperties
{
    private static readonly Gen<string> Id = Gen.Frequency((10, Texts.All), (1, Gen.OneOf(".", "..", "...", "%2e", "%2E%2e", "a/../b",
        "../x", "a\\..\\b", "//", "?", "#", "a b", " a ", "+", "%", "%25", "id:validate", "http://x/")));

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private VendorServer _vendor = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("DELETE", "/*", VendorResponse.Empty(204));
        _vendor.On("POST", "/*", request => VendorResponse.Json(200, request.Path.EndsWith(
            "/oauth/token", StringComparison.Ordinal) ? """{"access_token":"at"}""" : """{"access_token":{"id":1}}"""));
    }

    [TearDown]
    public void Stop() => _vendor.Dispose();

    [TestCase("", "/")]
    [TestCase("/", "/")]
    [TestCase("/base", "/base/")]
    [TestCase("/base/", "/base/")]
    [TestCase("/a%20b/c%2Fd", "/a%20b/c%2Fd/")]
    [TestCase("/a/%C3%BC/", "/a/%C3%BC/")]
    public async Task An_id_arrives_as_one_segment_that_decodes_to_it(string address, string path)
    {
        using var client = new SailPointTokenClient(
            "prod", new SailPointOptions { BaseAddress = new Uri($"{_vendor.BaseAddress.AbsoluteUri.TrimEnd('/')}{address}"),
                CallsPerWindow = null, ClientId = "id", ClientSecret = new TokenSecret("s") });
        var prefix = $"{path}v2025/personal-access-tokens/";
        var sent = new List<string>();

        await Id.SampleAsync(
            async id =>
            {
                if (ReferenceTo(id) is { } reference)
                {
                    await client.RevokeAsync(reference);
                    sent.Add(id);
                }
            },
            iter: 150,
            threads: 1);

        // Nothing was sent for ids that were refused. The first request is for the credential.
        var arrived = _vendor.Requests.Skip(1).Select(request => request.PathAndQuery).ToList();
        Assert.That(sent, Is.Not.Empty);
        Assert.That(arrived, Has.All.StartsWith(prefix).And.All.Matches((string target) => target[prefix.Length..].All(IsOfASegment)));
        Assert.That(arrived.Select(target => Uri.UnescapeDataString(target[prefix.Length..])), Is.EqualTo(sent));
    }

    [Test]
    public async Task A_secret_in_a_query_arrives_unchanged()
    {
        using var client = new XmsTokenClient("lab",
            new XmsOptions { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), CallsPerWindow = null, AccessToken = new TokenSecret("s") });
        var sent = new List<string>();

        await Texts.Written.SampleAsync(
            async secret =>
            {
                await client.ValidateAsync(TokenReference.BySecret(new TokenSecret(secret)));
                sent.Add(secret);
            },
            iter: 150,
            threads: 1);

        Assert.That(_vendor.Requests.Select(request => (request.Path, request.Query("subject_access_token"))),
            Is.EqualTo(sent.Select(secret => ("/v1/access-tokens:validate", secret))));
        Assert.That(_vendor.Requests,
            Has.All.Matches((ReceivedRequest request) => request.PathAndQuery.Count(character => character is '&' or '=') == 1));
    }

    [Test]
    public void Invalid_ids_are_refused_and_all_others_accepted()
        => Id.Sample(
            id =>
            {
                var isId = !string.IsNullOrWhiteSpace(id) && id is not ("." or "..") && !id.Any(char.IsControl) && IsWellFormed(id);
                var made = new[] { ReferenceTo(id)?.Id, Made(() => TokenReference.ByKey(id))?.Key,
                    Made(() => TokenReference.ByIdAndSecret(id, new TokenSecret("s")))?.Id };
                return made.All(kept => kept == (isId ? id : null));
            },
            iter: 5000);

    private static TokenReference? ReferenceTo(string id) => Made(() => TokenReference.ById(id));

    private static TokenReference? Made(Func<TokenReference> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsWellFormed(string text)
    {
        try
        {
            Strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    // RFC 3986: unreserved, percent-encoded, sub-delims, ":" and "@".
    private static bool IsOfASegment(char character)
        => char.IsAsciiLetterOrDigit(character) || "-._~%!$&'()*+,;=:@".Contains(character, StringComparison.Ordinal);
}
