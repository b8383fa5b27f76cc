using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Emulates the legacy tokens of <c>/acct-api-token</c>.</summary>
internal sealed class ExtremeCloudIQLegacyTokens
{
    private readonly ExtremeCloudIQEmulator _emulator;
    private readonly List<ExtremeCloudIQLegacyToken> _tokens;
    private long _lastId = 1000;

    public ExtremeCloudIQLegacyTokens(ExtremeCloudIQEmulator emulator)
    {
        _emulator = emulator;
        _tokens = [NewToken("example-client", days: 30)];
    }

    // It isn't documented which members the keyword is compared with. Unknown query parameters are ignored, as elsewhere in the API.
    public VendorResponse List(ReceivedRequest request)
    {
        if (!TryNumber(request, "page", int.MaxValue, otherwise: 1, out var page))
            return _emulator.Wrong("page", "It must be at least 1.");
        if (!TryNumber(request, "limit", 100, otherwise: 10, out var limit))
            return _emulator.Wrong("limit", "It must be from 1 to 100.");
        var found = _tokens.AsEnumerable();
        if (request.Query(_emulator.IsDocumented ? "searchString" : "keyword") is { Length: > 0 } keyword)
            found = found.Where(token => new[] { token.Grantor, token.Application, token.ClientId }
                .Any(text => text.Contains(keyword, StringComparison.OrdinalIgnoreCase)));
        found = request.Query("sortField") switch
        {
            "GRANTOR" => found.OrderBy(token => token.Grantor, StringComparer.Ordinal),
            "EXPIRATION" => found.OrderBy(token => token.ExpiresAt),
            "GENERATEDON" => found.OrderBy(token => token.CreatedAt),
            _ => found,
        };
        if (!_emulator.IsDocumented && request.Query("order") == "DESC")
            found = found.Reverse();

        var all = found.ToList();
        var data = all.Skip((int)Math.Min((page - 1L) * limit, int.MaxValue)).Take(limit).Select(Record).ToArray();
        return VendorResponse.Json(200, new JsonObject
        {
            ["page"] = page,
            ["count"] = data.Length,
            ["total_pages"] = (all.Count + limit - 1) / limit,
            ["total_count"] = all.Count,
            ["data"] = new JsonArray([.. data]),
        });
    }

    // The published document puts the values in a JSON body. The server's own document and the vendor's samples put them in the query.
    public VendorResponse Create(ReceivedRequest request)
    {
        var (client, days) = (request.Query("clientId"), request.Query("tokenExpireInDay"));
        if (_emulator.IsDocumented)
        {
            if (!_emulator.TryRead(request, out var body, out var refusal))
                return refusal;
            (client, days) = (ExtremeCloudIQEmulator.Text(body, "clientId"), ExtremeCloudIQEmulator.Text(body, "tokenExpireInDay"));
        }

        if (string.IsNullOrWhiteSpace(client))
            return _emulator.Wrong("clientId", "It is missing.");
        if (!TryDays(days, out var lifetime))
            return _emulator.Wrong("tokenExpireInDay", "It must be a number of days.");
        var token = NewToken(client, lifetime);
        _tokens.Add(token);
        return VendorResponse.Json(201, new JsonObject
        {
            ["owner_id"] = ExtremeCloudIQEmulator.CustomerId,
            ["vhm_id"] = "VHM-EMULATED",
            ["vpc_url"] = "https://vpc.example.net",
            ["access_token"] = token.AccessToken,
            ["expiration"] = token.ExpiresAt.ToUnixTimeMilliseconds(),
            ["refresh_token"] = token.RefreshToken,
        });
    }

    public VendorResponse Update(ReceivedRequest request)
    {
        if (!_emulator.TryRead(request, out var body, out var refusal))
            return refusal;
        var member = _emulator.IsDocumented ? "tokenExpireInDay" : "token_expire_in_day";
        if (!TryDays(ExtremeCloudIQEmulator.Text(body, member), out var days))
            return _emulator.Wrong(member, "It must be a number of days.");
        if (Find(request.Path[(request.Path.LastIndexOf('/') + 1)..]) is not [var token])
            return NotFound();

        // It isn't documented when the days begin.
        token.UpdatedAt = _emulator.Now;
        token.ExpiresAt = token.CreatedAt.AddDays(days);
        return VendorResponse.Json(_emulator.IsDocumented ? 201 : 200, Record(token));
    }

    // The response to unknown ids is reconstructed: nothing is deleted.
    public VendorResponse Delete(ReceivedRequest request)
    {
        string[] ids = [request.Path[(request.Path.LastIndexOf('/') + 1)..]];
        if (request.Path.EndsWith(":delete", StringComparison.Ordinal))
        {
            ids = [.. request.PathAndQuery.Split('?', 2).Skip(1).SelectMany(query => query.Split('&'))
                .Select(pair => pair.Split('=', 2)).Where(pair => pair is ["ids", _])
                .SelectMany(pair => WebUtility.UrlDecode(pair[1]).Split(',')).Distinct()];
            if (ids.Length == 0)
                return _emulator.Wrong("ids", "It is missing.");
        }

        var tokens = Find(ids);
        if (tokens.Count < ids.Length)
            return NotFound();
        foreach (var token in tokens)
            _tokens.Remove(token);
        return VendorResponse.Empty(200);
    }

    private List<ExtremeCloudIQLegacyToken> Find(params string[] ids)
        => [.. _tokens.Where(token => ids.Contains(token.Id.ToString(CultureInfo.InvariantCulture)))];

    private ExtremeCloudIQLegacyToken NewToken(string clientId, int days) => new(++_lastId, clientId, _emulator.Now, days);

    // The record contains the published names and those of the server. The unit of the expiry isn't documented.
    private JsonObject Record(ExtremeCloudIQLegacyToken token)
    {
        var record = new JsonObject
        {
            ["id"] = token.Id,
            ["create_time"] = _emulator.Written(token.CreatedAt),
            ["update_time"] = _emulator.Written(token.UpdatedAt),
            [_emulator.IsDocumented ? "accessToken" : "access_token"] = token.AccessToken,
            [_emulator.IsDocumented ? "expireAt" : "expiration"] = token.ExpiresAt.ToUnixTimeMilliseconds(),
            [_emulator.IsDocumented ? "refreshToken" : "refresh_token"] = token.RefreshToken,
            ["grantor"] = token.Grantor,
            [_emulator.IsDocumented ? "applicationName" : "application"] = token.Application,
            [_emulator.IsDocumented ? "clientId" : "client_id"] = token.ClientId,
        };
        if (!_emulator.IsDocumented)
            record["generated_on"] = _emulator.Written(token.CreatedAt);
        return record;
    }

    private static bool TryDays(string? text, out int days)
        => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out days) && days is > 0 and < 100_000;

    private static bool TryNumber(ReceivedRequest request, string name, int largest, int otherwise, out int number)
    {
        number = otherwise;
        return request.Query(name) is not { } text
            || (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out number)
                && number >= 1 && number <= largest);
    }

    private VendorResponse NotFound() => _emulator.Error(404, "EMULATED_NOT_FOUND", "There is no such legacy token.");
}
