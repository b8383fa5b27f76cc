using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Asserts the exact request, including all headers.</summary>
internal static class Sent
{
    // The headers that the HTTP stack and the connection add to every request.
    private static readonly string[] TransportHeaders = ["Host", "Content-Length", "traceparent", "Accept-Encoding", "User-Agent"];

    public static void Exactly(
        ReceivedRequest request, string method, string pathAndQuery, string? json = null, params (string Name, string Value)[] headers)
    {
        Has(request, method, pathAndQuery, headers);
        if (json is null)
            Assert.That(request.Body, Is.Empty, "body");
        else
            Assert.That(JToken.DeepEquals(JToken.Parse(WithoutRandomKeys(request.Body)), JToken.Parse(json)), Is.True,
                $"body sent: {request.Body}{Environment.NewLine}expected: {json}");
    }

    public static void ExactlyText(
        ReceivedRequest request, string method, string pathAndQuery, string body, params (string Name, string Value)[] headers)
    {
        Has(request, method, pathAndQuery, headers);
        Assert.That(request.Body, Is.EqualTo(body), "body");
    }

    // The keys that the SDK generates for tokens without one.
    private static string WithoutRandomKeys(string body) => Regex.Replace(body, "tokenwright-[0-9a-f]{32}", "tokenwright-*");

    /// <summary>Asserts the request without its body.</summary>
    public static void Has(ReceivedRequest request, string method, string pathAndQuery, (string Name, string Value)[] headers)
    {
        Assert.That($"{request.Method} {request.PathAndQuery}", Is.EqualTo($"{method} {pathAndQuery}"));
        Assert.That(
            request.HeaderNames.Except(TransportHeaders, StringComparer.OrdinalIgnoreCase)
                .Select(name => $"{name}: {request.Header(name)}"),
            Is.EquivalentTo(headers.Select(header => $"{header.Name}: {header.Value}")));

        // A typed client with another HTTP client than a connection's sends none.
        Assert.That(request.Header("User-Agent") ?? "Tokenwright/", Does.StartWith("Tokenwright/"));
    }
}
