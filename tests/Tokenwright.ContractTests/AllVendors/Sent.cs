using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Asserts what was sent, to the last header.</summary>
internal static class Sent
{
    // What the HTTP stack and the connection add to every request.
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

    // The keys that the SDK gives to tokens which would have none.
    private static string WithoutRandomKeys(string body) => Regex.Replace(body, "tokenwright-[0-9a-f]{32}", "tokenwright-*");

    /// <summary>The request without its body.</summary>
    public static void Has(ReceivedRequest request, string method, string pathAndQuery, (string Name, string Value)[] headers)
    {
        Assert.That($"{request.Method} {request.PathAndQuery}", Is.EqualTo($"{method} {pathAndQuery}"));
        Assert.That(
            request.HeaderNames.Except(TransportHeaders, StringComparer.OrdinalIgnoreCase)
                .Select(name => $"{name}: {request.Header(name)}"),
            Is.EquivalentTo(headers.Select(header => $"{header.Name}: {header.Value}")));

        // A typed client whose HTTP client is not a connection's sends none.
        Assert.That(request.Header("User-Agent") ?? "Tokenwright/", Does.StartWith("Tokenwright/"));
    }
}
