using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Tokenwright.SampleTests;

/// <summary>The tool <c>tokenwright-emulator</c>, for clients in any language.</summary>
[CancelAfter(600_000)]
internal sealed class EmulatorTests
{
    private const string Tool = "Tokenwright.Emulator";

    [TestCase("extremecloudiq", "ExtremeCloudIQ", "/auth/permissions")]
    [TestCase("fimidara", "Fimidara", "/v1/agentTokens/getToken")]
    [TestCase("sailpoint", "SailPoint", "/v2025/personal-access-tokens")]
    [TestCase("vmwarecloud", "VMwareCloud", "/csp/gateway/am/api/loggedin/user")]
    [TestCase("xms", "Xms", "/access-tokens/")]
    public async Task It_prints_its_address_responds_and_stops_on_request(string argument, string vendor, string path)
    {
        using var process = Sample.Start(Tool, [argument, "--json"]);
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
    public async Task It_uses_the_given_port_and_reports_if_that_is_in_use()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var (exitCode, output, error) = await Sample.RunAsync(Tool, ["xms", "--json", "--port", port]);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain(port));
    }

    [TestCase]
    [TestCase("nobody")]
    [TestCase("xms", "--port", "99999")]
    [TestCase("xms", "--port")]
    [TestCase("xms", "--behaviour", "odd")]
    [TestCase("xms", "--behaviour", "1")]
    [TestCase("xms", "--colour", "red")]
    [TestCase("xms", "--all")]
    [TestCase("xms", "--set")]
    [TestCase("xms", "--set", "ListsWithPaging")]
    [TestCase("xms", "--set", "ListsWithPaging=perhaps")]
    [TestCase("xms", "--set", "LargestPage=many")]
    [TestCase("xms", "--set", "ListLag=a while")]
    [TestCase("xms", "--set", "TimesInSeconds=true")]
    [TestCase("xms", "--set", "Vendor=Other")]
    [TestCase("fimidara", "--set", "Grants=a-group")]
    [TestCase("sailpoint", "--set", "Paging=Sometimes")]
    [TestCase("--all", "--port", "5000")]
    public async Task Invalid_arguments_are_reported(params string[] arguments)
    {
        var (exitCode, output, error) = await Sample.RunAsync(Tool, arguments);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("error: ").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_wrong_setting_is_reported_with_those_that_exist()
    {
        var (_, _, error) = await Sample.RunAsync(
            Tool, ["xms", "--set", "TimesInSeconds=true", "--set", "listswithpaging=perhaps", "--set", "ListLag=soon"]);

        Assert.That(error, Does.Contain("'TimesInSeconds' is no setting of xms. The settings are xms: ListsWithPaging (true or false), " +
            "VerificationCode (a text); all vendors: LargestPage (a whole number), ListLag (a time such as 00:00:30)."));
        Assert.That(error, Does.Contain("ListsWithPaging must be true or false, not 'perhaps'.")
            .And.Contain("ListLag must be a time such as 00:00:30, not 'soon'."));
    }

    [TestCase("vmwarecloud", "", "\"expiresAt\":[0-9]{13},")]
    [TestCase("vmwarecloud", "TimesInSeconds=true", "\"expiresAt\":[0-9]{10},")]
    [TestCase("xms", "", "\"paging\":")]
    [TestCase("xms", "listswithpaging=false LargestPage=1", "^[^{]*{\"access_tokens\":\\[{((?!paging|backup).)*$")]
    public async Task Its_settings_have_an_effect(string vendor, string settings, string response)
    {
        using var process = Sample.Start(Tool, [vendor, "--json", .. settings.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(setting => new[] { "--set", setting })]);
        try
        {
            using var line =
                JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(TestContext.CurrentContext.CancellationToken))!);
            var secret = line.RootElement.GetProperty("credential").EnumerateObject().First().Value.GetString()!;
            using var http = new HttpClient();
            using var request = vendor == "xms"
                ? new HttpRequestMessage(HttpMethod.Get, $"{line.RootElement.GetProperty("baseUrl").GetString()}/access-tokens/")
                : new HttpRequestMessage(
                    HttpMethod.Post, $"{line.RootElement.GetProperty("baseUrl").GetString()}/csp/gateway/am/api/auth/api-tokens/details")
                    { Content = new StringContent(JsonSerializer.Serialize(new { tokenValue = secret })) };
            request.Headers.Add("Xms-Auth-Token", secret);
            using var received = await http.SendAsync(request);

            Assert.That(await received.Content.ReadAsStringAsync(), Does.Match(response));
        }
        finally
        {
            process.Kill();
        }
    }

    [Test]
    public async Task Its_help_shows_its_usage()
    {
        var (exitCode, output, error) = await Sample.RunAsync(Tool, ["--help"]);

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(
            output, Does.Match("Examples:\\s+tokenwright-emulator --all ").And.Contain("tokenwright-emulator [<vendors>...] [options]"));
    }

    [Test]
    public async Task Without_samples_only_the_documented_tokens_are_there()
    {
        var names = new List<string>();
        foreach (var arguments in new[] { new[] { "xms", "--json" }, ["xms", "--json", "--bare"] })
        {
            using var process = Sample.Start(Tool, arguments);
            try
            {
                using var line =
                    JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(TestContext.CurrentContext.CancellationToken))!);
                using var http = new HttpClient();
                using var request = new HttpRequestMessage(
                    HttpMethod.Get, $"{line.RootElement.GetProperty("baseUrl").GetString()}/access-tokens/");
                request.Headers.Add(
                    "Xms-Auth-Token", line.RootElement.GetProperty("credential").GetProperty("accessToken").GetString());
                using var response = await http.SendAsync(request);
                using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                names.Add(string.Join(", ", body.RootElement.GetProperty("access_tokens").EnumerateArray()
                    .Select(token => token.GetProperty("name").GetString())));
            }
            finally
            {
                process.Kill();
            }
        }

        Assert.That(names, Is.EqualTo(new[] { "zabbix, backup, backup old", "zabbix" }));
    }
}
