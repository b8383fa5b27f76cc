using System.Globalization;
using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Unleash.Tokens.Tests;

/// <content>Lists, creates, changes and deletes tokens.</content>
internal sealed partial class UnleashEmulator
{
    private VendorResponse List(ReceivedRequest request)
        => VendorResponse.Json(200, new JsonObject { ["tokens"] = new JsonArray([.. ListedTokens.Select(Record)]) }.ToJsonString());

    private VendorResponse Create(ReceivedRequest request)
    {
        var asked = JsonNode.Parse(request.Body)!.AsObject();
        if (string.IsNullOrEmpty((string?)asked["tokenName"]))
            return Error(400, "BadDataError", "\"tokenName\" is not allowed to be empty.");
        var environment = (string?)asked["environment"] ?? "default";
        return VendorResponse.Json(201, Record(Add(new EmulatedToken
        {
            Name = (string?)asked["tokenName"],
            Roles = [(string)asked["type"]!],
            Scopes = [.. asked["projects"]!.AsArray().Select(project => $"{project}:{environment}")],
            ExpiresAt = Time(asked["expiresAt"]),
        })).ToJsonString());
    }

    // If there is no such token, the server reports success as well.
    private VendorResponse Update(ReceivedRequest request)
    {
        if (Time(JsonNode.Parse(request.Body)!["expiresAt"]) is not { } end)
            return Error(400, "BadDataError", "The `/body/expiresAt` property must match format \"date-time\".");
        if (Find(request) is { } token)
            token.ExpiresAt = end;
        return VendorResponse.Empty(200);
    }

    private VendorResponse Delete(ReceivedRequest request)
    {
        if (Find(request) is { } token)
            Remove(token);
        return VendorResponse.Empty(200);
    }

    private EmulatedToken? Find(ReceivedRequest request)
        => Tokens.FirstOrDefault(token => token.Secret!.Reveal() == Uri.UnescapeDataString(request.Path[(Path.Length + 1)..]));

    private static DateTimeOffset? Time(JsonNode? value)
        => value is null ? null : DateTimeOffset.Parse((string)value!, CultureInfo.InvariantCulture);

    private static JsonObject Record(EmulatedToken token)
    {
        static string? Text(DateTimeOffset? time)
            => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var projects = token.Scopes.Select(scope => scope.Split(':')[0]).ToList();
        return WithExtra(token, new JsonObject
        {
            ["secret"] = token.Secret!.Reveal(),
            ["tokenName"] = token.Name,
            ["type"] = token.Roles[0],
            ["project"] = string.Join(',', projects),
            ["projects"] = new JsonArray([.. projects]),
            ["environment"] = token.Scopes[0].Split(':')[1],
            ["expiresAt"] = Text(token.ExpiresAt),
            ["createdAt"] = Text(token.CreatedAt),
            ["alias"] = null,
            ["seenAt"] = Text(token.LastUsedAt),
            ["username"] = token.Name,
        });
    }
}
