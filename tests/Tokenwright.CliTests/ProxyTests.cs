using System.Text.Json.Nodes;
using Tokenwright.UnitTests;

namespace Tokenwright.CliTests;

/// <summary>
/// A proxy from an environment variable that contains a password. Errors name the proxy, and nothing contains the password.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ProxyTests
{
    private const string Password = "pr0xy-W8kq3Zv7Tn5Rb2";

    [Test]
    public async Task A_proxy_s_password_is_not_shown(
        [Values("https_proxy", "HTTPS_PROXY", "all_proxy")] string variable, [Values(407, 403, 503)] int status)
    {
        using var proxy =
            new RawServer($"HTTP/1.1 {status} {Password}\r\nX-Echo: {Password}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var workplace = new Workplace();
        var connections = JsonNode.Parse(File.ReadAllText(workplace.ConnectionsFile))!;
        foreach (var (_, vendor) in connections["Tokenwright"]!.AsObject())
        {
            foreach (var (_, connection) in vendor!.AsObject())
                connection!["BaseAddress"] = $"https://vendor.example{new Uri((string)connection["BaseAddress"]!).AbsolutePath}";
        }

        workplace.WritePrivate(workplace.ConnectionsFile, connections.ToJsonString());
        var environment = new Dictionary<string, string> { [variable] = $"http://user:{Password}@{proxy.Address.Authority}" };

        var run = await workplace.RunAsync(["list", "-o", "json", "--verbose", "--trace-file", "trace.jsonl"], environment);

        Assert.Multiple(() =>
        {
            Assert.That(proxy.Requests, Is.Positive, "the proxy was asked");
            Assert.That(run.ExitCode, Is.EqualTo(5), run.ToString());
            foreach (var told in new[] { run.Output, run.Error, File.ReadAllText(workplace.In("trace.jsonl")) })
                Assert.That(told, Does.Not.Contain("W8kq3Zv7").And.Not.Contain(Password));
            Assert.That(
                run.Error, Does.Contain(
                $"The proxy {proxy.Address.Authority} {(status == 407 ? "requires a user and a password" : "refused the connection")} " +
                $"(HTTP {status})."));
        });
    }
}
