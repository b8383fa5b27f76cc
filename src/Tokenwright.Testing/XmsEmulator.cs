using System.Globalization;
using System.Text.Json;

namespace Tokenwright.Testing;

/// <summary>XSKY XMS: the login, and reading and validating the access tokens of a cluster: the one of the vendor's documents and one like a live one.</summary>
public sealed class XmsEmulator : VendorEmulator
{
    private const string SessionToken = "fedcba9876543210fedcba9876543210";

    private static readonly JsonElement[] ExampleTokens = Parse("""
        [{"id":0,"name":"name","description":"description","roles":["roles","roles"],"user":{"id":6,"name":"name"},"used":true,
          "create":"2000-01-23T04:56:07.000+00:00","update":"2000-01-23T04:56:07.000+00:00"},
         {"id":7,"name":"zabbix","description":"","roles":["admin"],"user":{"id":3,"name":"admin"},"used":false,
          "create":"2020-12-30T10:33:12.675098636+08:00","update":"2020-12-30T02:33:12.000000Z"}]
        """);

    /// <summary>Starts the emulator.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public XmsEmulator(EmulatorOptions? options = null)
        : base("Xms", options)
    {
        On("POST", "/v1/auth/tokens:login", Login);
        OnAuthenticated("POST", "/v1/access-tokens:validate", Validate);
        OnAuthenticated("GET", "/v1/access-tokens/*", request => request.Path.EndsWith('/') ? List(request) : Get(request));

        // Live servers take collections without the slash too.
        OnAuthenticated("GET", "/v1/access-tokens", List);
    }

    /// <summary>The id of the access token that the emulator lets in.</summary>
    public static string AccessTokenId => "7";

    /// <summary>Its secret.</summary>
    public static TokenSecret AccessToken { get; } = new("0123456789abcdef0123456789abcdef");

    /// <summary>The user who can log in, and whom that token belongs to.</summary>
    public static string Username => "admin";

    /// <summary>The password of that user.</summary>
    public static TokenSecret Password { get; } = new("emulated-xms-password");

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = new Uri(BaseAddress, "v1/").ToString(),
        ["AccessToken"] = AccessToken.Reveal(),
    };

    // That it is 401, and without a body, is reconstructed, as the other refusals are: the vendor's documents give no body to any error.
    /// <inheritdoc />
    protected override VendorAnswer? Refuse(ReceivedRequest request)
        => request.Header("Xms-Auth-Token") is SessionToken || request.Header("Xms-Auth-Token") == AccessToken.Reveal() ? null : VendorAnswer.Empty(401);

    // A captured answer, with the times of the emulator's clock in the form that the server had them in.
    private VendorAnswer Login(ReceivedRequest request)
    {
        if (!IsRightPassword(request.Body))
            return VendorAnswer.Empty(401);
        var now = Clock.GetUtcNow();
        return VendorAnswer.Json(201, $$$"""
            {"token":{"create":"{{{Nanoseconds(now)}}}","expires":"{{{Nanoseconds(now.AddHours(1))}}}","roles":["admin"],"uuid":"{{{SessionToken}}}","valid":true,
             "user":{"create":"2020-05-28T03:40:52.284746Z","email":"admin@example.com","enabled":true,"external_id":"","id":3,"identity_platform":null,
             "name":"{{{Username}}}","password_last_update":"2020-05-28T03:40:52.284749Z","roles":null}
            }}
            """);
    }

    private static bool IsRightPassword(string body)
    {
        try
        {
            var auth = JsonElement.Parse(body).GetProperty("auth");
            return auth.GetProperty("name").GetString() == Username && auth.GetProperty("password").GetString() == Password.Reveal();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static VendorAnswer List(ReceivedRequest request)
    {
        var all = ExampleTokens.AsEnumerable();
        if (request.Query("all") != "true")
            all = all.Where(token => Owner(token, "name") == Username);
        if (request.Query("user_id") is { } user)
            all = all.Where(token => Owner(token, "id") == user);
        if (request.Query("role") is { } role)
            all = all.Where(token => token.GetProperty("roles").EnumerateArray().Any(name => name.GetString() == role));

        var found = all.ToList();
        var limit = Number(request, "limit", -1);
        var offset = Number(request, "offset", 0);
        var page = found.Skip(offset).Take(limit < 0 ? found.Count : limit).ToList();
        return VendorAnswer.Json(200, JsonSerializer.Serialize(new
        {
            access_tokens = page,
            paging = new { count = page.Count, limit, offset, total_count = found.Count },
        }));
    }

    private static VendorAnswer Get(ReceivedRequest request) => Record(request.Path[(request.Path.LastIndexOf('/') + 1)..], 404);

    // Which of the statuses 400 and 403 an unknown secret gets isn't established.
    private static VendorAnswer Validate(ReceivedRequest request)
        => Record(request.Query("subject_access_token") == AccessToken.Reveal() ? AccessTokenId : null, 400);

    private static VendorAnswer Record(string? id, int otherwise)
        => ExampleTokens.Where(token => token.GetProperty("id").GetRawText() == id).Select(token => VendorAnswer.Json(200, JsonSerializer.Serialize(new { access_token = token })))
            .FirstOrDefault(VendorAnswer.Empty(otherwise));

    private static string Owner(JsonElement token, string member) => token.GetProperty("user").GetProperty(member).ToString();

    private static int Number(ReceivedRequest request, string parameter, int otherwise)
        => int.TryParse(request.Query(parameter), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static string Nanoseconds(DateTimeOffset time)
        => time.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'36'zzz", CultureInfo.InvariantCulture);

    private static JsonElement[] Parse(string json) => [.. JsonElement.Parse(json).EnumerateArray()];
}
