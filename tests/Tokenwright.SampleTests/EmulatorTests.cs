using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Tokenwright.SampleTests;

[CancelAfter(600_000)]
internal sealed class EmulatorTests
{
    [TestCase("extremecloudiq", "/auth/permissions")]
    [TestCase("fimidara", "/v1/agentTokens/getToken")]
    [TestCase("sailpoint", "/v2025/personal-access-tokens")]
    [TestCase("vmwarecloud", "/csp/gateway/am/api/loggedin/user")]
    [TestCase("xms", "/access-tokens/")]
    public async Task It_says_where_it_is_serves_and_stops_when_told(string vendor, string path)
    {
        using var process = Sample.Start("Emulator", [vendor]);
        try
        {
            using var line =
                JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(TestContext.CurrentContext.CancellationToken))!);
            var baseUrl = line.RootElement.GetProperty("baseUrl").GetString()!;

            Assert.That(line.RootElement.GetProperty("vendor").GetString(), Is.EqualTo(vendor));
            Assert.That(baseUrl, Does.StartWith("http://127.0.0.1:").And.Not.EndWith("/"));
            Assert.That(line.RootElement.GetProperty("credential").EnumerateObject(), Is.Not.Empty);
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, baseUrl + path);
            using var response = await http.SendAsync(request);
            Assert.That((int)response.StatusCode, Is.InRange(400, 404), "it responds, and knows no caller without a credential");

            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
            await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
            Assert.That(process.ExitCode, Is.Zero);
        }
        finally
        {
            process.Kill();
        }
    }

    [Test]
    public async Task It_takes_the_port_it_is_given_and_says_when_that_is_taken()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var (exitCode, output, error) = await Sample.RunAsync("Emulator", ["xms", "--port", port]);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain(port));
    }

    [TestCase]
    [TestCase("nobody")]
    [TestCase("xms", "--port", "99999")]
    [TestCase("xms", "--port")]
    [TestCase("xms", "--behaviour", "odd")]
    [TestCase("xms", "--colour", "red")]
    public async Task Wrong_arguments_are_said_to_be_wrong(params string[] arguments)
    {
        var (exitCode, output, error) = await Sample.RunAsync("Emulator", arguments);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Is.Not.Empty);
    }
}
