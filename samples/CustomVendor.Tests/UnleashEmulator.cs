using System.Globalization;
using System.Text.Json.Nodes;
using Tokenwright;
using Tokenwright.Testing;

namespace Unleash.Tokens.Tests;

/// <summary>
/// An Unleash server, as 6.10.1 was seen to respond. The base class stores the tokens, records requests, and provides faults and the clock.
/// Unlike the real server, it refuses a deleted token at once.
/// </summary>
internal sealed partial class UnleashEmulator : VendorEmulator
{
    private const string Path = "/api/admin/api-tokens";
    private static readonly TokenSecret Key = new("user:personal-access-token-of-the-emulator");
    private int _counter;

    public UnleashEmulator(EmulatorOptions? options = null)
        : base("Unleash", options)
    {
        OnAuthenticated("GET", Path, List);
        OnAuthenticated("POST", Path, Create);
        OnAuthenticated("PUT", $"{Path}/*", Update);
        OnAuthenticated("DELETE", $"{Path}/*", Delete);
        OnAuthenticated("GET", "/api/admin/user", _ => VendorResponse.Json(200, """{"user":{"username":"emulator"}}"""));
    }

    public override IReadOnlyDictionary<string, string> ConnectionSettings
        => new Dictionary<string, string>
            { [nameof(UnleashOptions.BaseAddress)] = BaseAddress.ToString(), [nameof(UnleashOptions.AccessToken)] = Key.Reveal() };

    protected override void Complete(EmulatedToken token)
    {
        token.Roles = token.Roles.Count > 0 ? token.Roles : ["client"];
        token.Scopes = token.Scopes.Count > 0 ? token.Scopes : ["*:development"];
        var number = Interlocked.Increment(ref _counter).ToString("x56", CultureInfo.InvariantCulture);
        token.Secret ??= new TokenSecret($"{token.Scopes[0]}.{number}");
        token.Id ??= UnleashTokenClient.IdOf(token.Secret);
    }

    // The tokens of applications may not manage tokens.
    protected override VendorResponse? Refuse(ReceivedRequest request)
    {
        var secret = request.Header("Authorization");
        return secret == Key.Reveal() ? null
            : Tokens.Any(token => token.Secret!.Reveal() == secret && token.IsActive(Clock.GetUtcNow()))
                ? VendorResponse.Json(403, """{"message":"invalid token: expected a different token type for this endpoint"}""")
                : Error(401, "UnauthorizedError", "You must log in to use Unleash.");
    }

    private static VendorResponse Error(int status, string name, string message)
        => VendorResponse.Json(status, new JsonObject
        {
            ["id"] = "00000000-0000-0000-0000-000000000001",
            ["name"] = name,
            ["message"] = message,
            ["details"] = new JsonArray(new JsonObject { ["message"] = message }),
        }.ToJsonString());
}
