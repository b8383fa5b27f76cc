using Newtonsoft.Json;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.ContractTests;

/// <summary>The settings of the XMS emulator: lists without paging, and logins that require a verification code.</summary>
internal sealed partial class XmsEmulatorTests
{
    // The number of tokens, the server's own page size, and the requests: without a total, only an empty page is surely the last one.
    [TestCase(EmulatorBehaviour.Live, 0, null, 1)]
    [TestCase(EmulatorBehaviour.Live, 1, null, 2)]
    [TestCase(EmulatorBehaviour.Live, 999, null, 2)]
    [TestCase(EmulatorBehaviour.Live, 1000, null, 2)]
    [TestCase(EmulatorBehaviour.Live, 1001, null, 3)]
    [TestCase(EmulatorBehaviour.Live, 2000, null, 3)]
    [TestCase(EmulatorBehaviour.Live, 250, 100, 4)]
    [TestCase(EmulatorBehaviour.Live, 300, 100, 4)]
    [TestCase(EmulatorBehaviour.Documented, 0, null, 1)]
    [TestCase(EmulatorBehaviour.Documented, 1001, null, 3)]
    [TestCase(EmulatorBehaviour.Documented, 300, 100, 4)]
    public async Task Lists_without_paging_are_read_completely(EmulatorBehaviour behaviour, int count, int? largestPage, int requests)
    {
        using var emulator = NewEmulator(behaviour);
        Assert.That(emulator.ListsWithPaging, Is.EqualTo(behaviour == EmulatorBehaviour.Live), "the default");
        (emulator.ListsWithPaging, emulator.LargestPage) = (false, largestPage);
        emulator.Clear();
        for (var i = 0; i < count; i++)
            emulator.Add(new() { Name = $"t{i}", Roles = ["r"] });
        using var client = new XmsTokenClient("lab",
            new() { BaseAddress = new Uri(emulator.BaseAddress, "v1"), AccessToken = XmsEmulator.AccessToken },
            new() { TimeProvider = _clock });

        var names = await client.ListAsync().Select(token => token.Name).ToListAsync();

        Assert.That(names, Is.EqualTo(Enumerable.Range(0, count).Select(i => $"t{i}")));
        Assert.That(emulator.Requests, Has.Count.EqualTo(requests));
        Assert.That((await SendAsync("GET", "v1/access-tokens/", null, emulator)).Body, Does.Not.Contain("paging"));
    }

    [Test]
    public async Task A_list_can_have_paging_whatever_else_the_emulator_does()
    {
        using var documented = NewEmulator(EmulatorBehaviour.Documented);
        documented.ListsWithPaging = true;

        Assert.That((await SendAsync("GET", "v1/access-tokens/", null, documented)).Body, Does.Contain("\"total_count\":1"));
    }

    [TestCase(null, 401)]
    [TestCase("000000", 401)]
    [TestCase("123456", 201)]
    public async Task A_login_can_require_a_verification_code(string? code, int status)
    {
        _emulator.VerificationCode = "123456";
        var auth = $$$"""
            {"auth":{"name":"admin","password":"emulated-xms-password","verification_code":{{{JsonConvert.ToString(code)}}} } }
            """;

        var (received, body) = await SendAsync("POST", "v1/auth/tokens:login", auth, ("X-Other", ""));

        Assert.That((received, body.Contains("verification code", StringComparison.Ordinal)), Is.EqualTo((status, status == 401)));
        Assert.That((await SendAsync("POST", "v1/auth/tokens:login", auth.Replace("emulated", "wrong", StringComparison.Ordinal),
            ("X-Other", ""))), Is.EqualTo((401, "")), "a wrong password doesn't get as far as the code");
    }

    [Test]
    public void A_password_connection_reports_that_its_login_requires_a_code_and_an_access_token_does_not()
    {
        _emulator.VerificationCode = "123456";
        Assert.That(async () => await _client.ListAsync().ToListAsync(), Throws.Nothing);
        (_options.AccessToken, _options.Username, _options.Password) = (null, XmsEmulator.Username, XmsEmulator.Password);
        using var client = new XmsTokenClient("lab", _options, new() { TimeProvider = _clock });

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>()
            .With.Message.Contains("requires a verification code").And.Message.Contains("set AccessToken in place of"));
        Assert.That(_emulator.Requests.Count(request => request.Path.EndsWith(":login", StringComparison.Ordinal)), Is.EqualTo(1));
    }
}
