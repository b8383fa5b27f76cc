using Newtonsoft.Json.Linq;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The base of the tests of the SailPoint emulator.</summary>
internal abstract class SailPointEmulatorFixture : EmulatorFixture<SailPointEmulator>
{
    protected const string Pats = "v2025/personal-access-tokens";

    protected static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    protected override DateTimeOffset StartedAt => Start.AddTicks(1234567);

    protected override SailPointEmulator NewEmulator(EmulatorOptions options) => new(options);

    protected SailPointTokenClient Client(string? id = null, TokenSecret? secret = null, string version = "v2025")
    {
        var options = Options(_emulator, id ?? SailPointEmulator.ClientId, secret ?? SailPointEmulator.ClientSecret);
        options.ApiVersion = version;
        return new SailPointTokenClient("prod", options, new() { TimeProvider = _clock });
    }

    protected static SailPointOptions Options(SailPointEmulator emulator, string id, TokenSecret secret)
        => new() { BaseAddress = emulator.BaseAddress, MaxRetries = 0, CreationSettleTime = TimeSpan.Zero, CallsPerWindow = null,
        ClientId = id, ClientSecret = secret };

    protected async Task<string> AccessToken(string? id = null, TokenSecret? secret = null)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id ?? SailPointEmulator.ClientId,
            ["client_secret"] = (secret ?? SailPointEmulator.ClientSecret).Reveal(),
        });
        using var response = await _http.PostAsync("oauth/token", form);
        response.EnsureSuccessStatusCode();
        return (string)JObject.Parse(await response.Content.ReadAsStringAsync())["access_token"]!;
    }

    protected Task<(int Status, string Body)> Get(string path, string? access) => Send("GET", path, null, access);

    protected async Task<(int Status, string? Code)> Code(string method, string path, string? body = null)
    {
        var (status, text) = await Send(method, path, body, await AccessToken());
        return (status, status < 300 ? null : (string?)JObject.Parse(text)["detailCode"]);
    }

    protected Task<(int Status, string Body)> Send(string method, string path, string? body, string? access)
        => SendAsync(method, path, body, access is null ? null : ("Authorization", $"Bearer {access}"),
            contentType: method == "PATCH" ? "application/json-patch+json" : "application/json");
}
