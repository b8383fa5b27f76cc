using System.Globalization;
using System.Text.Json.Nodes;
using Tokenwright;
using Tokenwright.Testing;

namespace Acme.Tokens.Tests;

/// <summary>
/// Acme's server, as its documentation describes it. The base class stores the tokens, records requests, and provides faults and the clock.
/// </summary>
internal sealed class AcmeEmulator : VendorEmulator
{
    private const string OwnerId = "acct_1";
    private static readonly TokenSecret Key = new("acme-key-of-the-emulator");
    private int _counter;

    public AcmeEmulator(EmulatorOptions? options = null)
        : base("Acme", options)
    {
        OnAuthenticated("GET", "/tokens", List);
        OnAuthenticated("POST", "/tokens", Create);
        OnAuthenticated("GET", "/tokens/*", request => With(request, token => VendorResponse.Json(200, Record(token).ToJsonString())));
        OnAuthenticated("PATCH", "/tokens/*", request => With(request, Rename));
        OnAuthenticated("DELETE", "/tokens/*", request => With(request, Delete));
        OnAuthenticated("GET", "/whoami", request => VendorResponse.Json(200, Record(Caller(request) ?? Own).ToJsonString()));
    }

    public override IReadOnlyDictionary<string, string> ConnectionSettings
        => new Dictionary<string, string>
            { [nameof(AcmeOptions.BaseAddress)] = BaseAddress.ToString(), [nameof(AcmeOptions.ApiKey)] = Key.Reveal() };

    // The credential of the connection settings always works, whatever tokens there are.
    private EmulatedToken Own { get; } = new() { Id = "tok_000000", Name = "emulator", OwnerId = OwnerId };

    protected override void Complete(EmulatedToken token)
    {
        var number = Interlocked.Increment(ref _counter).ToString("D6", CultureInfo.InvariantCulture);
        token.Id ??= $"tok_{number}";
        token.Secret ??= new TokenSecret($"acme-secret-{number}");
        token.OwnerId ??= OwnerId;
    }

    protected override VendorResponse? Refuse(ReceivedRequest request)
        => request.Header("X-Acme-Key") == Key.Reveal()
            || Caller(request) is not null ? null : Error(401, "bad_key", "The key is not valid.");

    private EmulatedToken? Caller(ReceivedRequest request)
        => Tokens.FirstOrDefault(token => token.Secret!.Reveal() == request.Header("X-Acme-Key") && token.IsActive(Clock.GetUtcNow()));

    private VendorResponse List(ReceivedRequest request)
    {
        var limit = int.Parse(request.Query("limit") ?? "100", CultureInfo.InvariantCulture);
        var rest = Tokens.SkipWhile(token => request.Query("after") is { } after && token.Id != after)
            .Skip(request.Query("after") is null ? 0 : 1).ToList();
        var page = rest.Take(limit).ToList();
        return VendorResponse.Json(200, new JsonObject
        {
            ["tokens"] = new JsonArray([.. page.Select(Record)]),
            ["next"] = page.Count < rest.Count ? page[^1].Id : null,
        }.ToJsonString());
    }

    private VendorResponse Create(ReceivedRequest request)
    {
        var asked = JsonNode.Parse(request.Body)!;
        var token = Add(new EmulatedToken { Name = (string?)asked["name"],
            ExpiresAt = (string?)asked["expires_at"] is { } end ? DateTimeOffset.Parse(end, CultureInfo.InvariantCulture) : null });
        return VendorResponse.Json(201, new JsonObject { ["token"] = Record(token), ["secret"] = token.Secret!.Reveal() }.ToJsonString());
    }

    private VendorResponse Rename(EmulatedToken token, ReceivedRequest request)
    {
        token.Name = (string?)JsonNode.Parse(request.Body)!["name"];
        return VendorResponse.Json(200, Record(token).ToJsonString());
    }

    private VendorResponse Delete(EmulatedToken token, ReceivedRequest request)
    {
        Remove(token);
        return VendorResponse.Empty(204);
    }

    private VendorResponse With(ReceivedRequest request, Func<EmulatedToken, VendorResponse> response)
        => With(request, (token, _) => response(token));

    private VendorResponse With(ReceivedRequest request, Func<EmulatedToken, ReceivedRequest, VendorResponse> response)
        => Tokens.FirstOrDefault(token => token.Id == request.Path["/tokens/".Length..]) is { } token
            ? response(token, request) : Error(404, "no_such_token", "There is no such token.");

    private static VendorResponse Error(int status, string code, string message)
        => VendorResponse.Json(status, new JsonObject { ["code"] = code, ["message"] = message, ["request_id"] = "req_1" }.ToJsonString());

    private static JsonObject Record(EmulatedToken token) => WithExtra(token, new JsonObject
    {
        ["id"] = token.Id,
        ["name"] = token.Name,
        ["owner"] = token.OwnerId,
        ["created_at"] = token.CreatedAt?.ToString("O", CultureInfo.InvariantCulture),
        ["expires_at"] = token.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture),
    });
}
