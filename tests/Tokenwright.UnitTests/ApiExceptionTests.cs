using System.Text.Json;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>What the exception of a typed client keeps of a response, and what its message says.</summary>
internal sealed class ApiExceptionTests
{
    private const string Secret = "q7Zk2Xw9Lm4Rt8Vb3Nc6";

    private static readonly SecretRedactor Redactor = new([new TokenSecret(Secret)]);
    private static readonly Dictionary<string, IEnumerable<string>> None = [];

    [TestCase(199, false)]
    [TestCase(200, true)]
    [TestCase(299, true)]
    [TestCase(300, false)]
    [TestCase(404, false)]
    public void Only_errors_keep_body_cause_and_headers(int status, bool isSuccess)
    {
        var cause = new IOException("broken");
        var headers = new Dictionary<string, IEnumerable<string>> { ["X-Trace"] = ["7"], ["Content-Length"] = ["12"] };

        var exception = new ApiException("odd", status, "body", headers, cause);

        Assert.That((exception.IsUnreadableSuccess, exception.Response), Is.EqualTo((isSuccess, isSuccess ? null : "body")));
        Assert.That(exception.InnerException, isSuccess ? Is.Null : Is.SameAs(cause));
        Assert.That(exception.Headers.Keys, Is.EqualTo(isSuccess ? ["Content-Length"] : headers.Keys.ToArray()));
    }

    [TestCase(400, "model")]
    [TestCase(201, null)]
    public void Only_errors_keep_the_model(int status, string? kept)
        => Assert.That(new ApiException<string>("odd", status, "body", None, "model", null).Result, Is.EqualTo(kept));

    [TestCase(399, false)]
    [TestCase(400, true)]
    [TestCase(403, true)]
    [TestCase(408, false)]
    [TestCase(429, false)]
    [TestCase(499, true)]
    [TestCase(500, false)]
    public void A_4xx_that_is_not_transient_means_that_a_secret_is_wrong(int status, bool refuses)
        => Assert.That(new ApiException("odd", status, null, None, null).RefusesSecret, Is.EqualTo(refuses));

    [TestCase("{}", false)]
    [TestCase("\"a\"", false)]
    [TestCase("{", true)]
    [TestCase("<html>", true)]
    [TestCase(" ", false)]
    [TestCase("", false)]
    [TestCase(null, false)]
    public void A_body_that_is_not_JSON_is_foreign(string? body, bool isForeign)
    {
        Assert.That(new ApiException("odd", 502, body, None, null).HasForeignBody, Is.EqualTo(isForeign));
        Assert.That(new ApiException("odd", 502, body, None, null) { IsForeign = !isForeign }.HasForeignBody, Is.EqualTo(!isForeign));
    }

    [TestCase("application/json; charset=utf-8", "HTTP 200 (OK): odd At line 3, byte 6. Content type: application/json.")]
    [TestCase("text/fresh-secret", "HTTP 200 (OK): odd At line 3, byte 6. Content type: an unusual one.")]
    [TestCase(null, "HTTP 200 (OK): odd At line 3, byte 6. Content type: none.")]
    public void The_message_of_an_unreadable_success_has_the_place_and_the_type(string? type, string message)
    {
        var headers = type is null ? None : new Dictionary<string, IEnumerable<string>> { ["content-type"] = [type] };

        Assert.That(new ApiException("odd", 200, null, headers, new JsonException("fresh", "$.fresh", 2, 5)).Message, Is.EqualTo(message));
    }

    [Test]
    public void The_message_of_an_error_has_only_the_status()
        => Assert.That(new ApiException("odd", 404, null, None, new JsonException("fresh", null, 2, 5)).Message,
            Is.EqualTo("HTTP 404 (NotFound): odd"));

    [TestCase("items", "It has no list 'items'.")]
    [TestCase(null, "It is not a list.")]
    public void A_missing_list_is_named(string? member, string said)
    {
        var exception = ApiException.WithoutList(member, "body");

        Assert.That(exception.Message, Does.Contain(said));
        Assert.That((exception.BodyWithoutList, exception.Response), Is.EqualTo(("body", (string?)null)));
    }

    [TestCase("x-trace", "7")]
    [TestCase("X-Other", null)]
    [TestCase("X-Empty", null)]
    public void The_first_value_of_a_header_is_found_by_its_name_in_any_case(string name, string? value)
    {
        var headers = new Dictionary<string, IEnumerable<string>> { ["X-Empty"] = [], ["X-Trace"] = ["7", "8"] };

        Assert.That(new ApiException("odd", 400, null, headers, null).GetHeader(name), Is.EqualTo(value));
    }

    [TestCase("Content-Type", "text/html; charset=utf-8", "text/html")]
    [TestCase("CONTENT-LENGTH", "0012", "12")]
    [TestCase("Content-Length", "12a", null)]
    [TestCase("Content-Length", "-1", null)]
    [TestCase("date", "Tue, 24 Nov 2026 00:00:07 GMT", "Tue, 24 Nov 2026 00:00:07 GMT")]
    [TestCase("Date", "2026-11-24T01:00:07+01:00", "Tue, 24 Nov 2026 00:00:07 GMT")]
    [TestCase("Date", "2026-11-24 00:00:07", "Tue, 24 Nov 2026 00:00:07 GMT")]
    [TestCase("Date", "fresh", null)]
    [TestCase("Content-Type", "fresh", null)]
    [TestCase("ETag", "fresh", null)]
    public void Only_headers_without_possible_secrets_are_kept_of_a_success(string name, string value, string? kept)
    {
        var headers = new Dictionary<string, IEnumerable<string>> { [name] = [value] };

        Assert.That(new ApiException("odd", 200, null, headers, null).GetHeader(name.ToLowerInvariant()), Is.EqualTo(kept));
    }

    private static IEnumerable<TestCaseData> Telling()
    {
        static TestCaseData Case(string where, ApiException exception) => new TestCaseData(exception).SetArgDisplayNames(where);
        static Dictionary<string, IEnumerable<string>> Header(string name, string value) => new() { ["A"] = ["b"], [name] = ["c", value] };

        yield return Case("message", new ApiException(Secret, 400, "{}", Header("B", "d"), null));
        yield return Case("response", new ApiException("odd", 400, Secret, Header("B", "d"), null));
        yield return Case("body without a list", ApiException.WithoutList(null, Secret));
        yield return Case("cause", new ApiException("odd", 400, "{}", Header("B", "d"), new IOException(Secret)));
        yield return Case("name of a header", new ApiException("odd", 400, "{}", Header(Secret, "d"), null));
        yield return Case("value of a header", new ApiException("odd", 400, "{}", Header("B", Secret), null));
        yield return Case("data", new ApiException("odd", 400, "{}", Header("B", "d"), null) { Data = { ["k"] = Secret } });
    }

    [TestCaseSource(nameof(Telling))]
    public void A_secret_is_redacted_and_everything_else_stays(ApiException exception)
    {
        var redacted = exception.Redact(Redactor);

        Assert.That(redacted, Is.Not.SameAs(exception));
        Assert.That(redacted.Data, Is.Empty);
        Assert.That(new[]
        {
            redacted.ToString(), redacted.Response ?? string.Empty, redacted.BodyWithoutList ?? string.Empty,
            string.Join(' ', redacted.Headers.SelectMany(header => header.Value.Prepend(header.Key))),
        }, Is.All.Not.Contains(Secret));
        Assert.That((redacted.StatusCode, redacted.HasForeignBody, redacted.Headers.Count),
            Is.EqualTo((exception.StatusCode, exception.HasForeignBody, exception.Headers.Count)));
        Assert.That(redacted.Redact(Redactor), Is.SameAs(redacted));
    }
}
