using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <content>Emulates the operations that change tokens.</content>
public sealed partial class SailPointEmulator
{
    private VendorResponse Create(ReceivedRequest request, string version, SailPointSessions.Session caller)
    {
        if (EmulatorJson.Body(request) is not JsonObject body
            || !SailPointInput.TryText(body["name"], out var name)
            || !SailPointInput.TryScopes(body["scope"], out var scopes)
            || !SailPointInput.TryValue(body[ValidityMember], out int? validity)
            || !SailPointInput.TryTime(body["expirationDate"], out var expiry)
            || !SailPointInput.TryValue(body["userAwareTokenNeverExpires"], out bool? aware))
            return Unreadable();
        if (string.IsNullOrWhiteSpace(name))
            return Error(400, MissingData, "Required data \"name\" was missing or empty.");
        if (validity is < ShortestAccess or > LongestAccess)
            return Error(400, IllegalValue, $"The value of \"{ValidityMember}\" must be from {ShortestAccess} to {LongestAccess}.");
        if (!IsFrom2025(version))
        {
            expiry ??= Now.AddMonths(6);
            aware = null;
            if (expiry > Now.AddMonths(6))
                return Error(400, IllegalValue, "The value of \"expirationDate\" must be within 6 months.");
        }

        if ((Expiry(expiry, aware) ?? Name(name, caller.OwnerId)) is { } refusal)
            return refusal;
        if (Tokens.Count(token => token.OwnerId == caller.OwnerId) >= TokensPerOwner)
            return Error(400, BadContent, $"The owner has {TokensPerOwner} personal access tokens already.");

        var token = Add(new EmulatedToken
        {
            Name = name,
            OwnerId = caller.OwnerId,
            OwnerName = caller.OwnerName,
            Scopes = scopes ?? [AllScopes],
            ExpiresAt = expiry,
            Extra = validity is { } seconds ? new() { [ValidityMember] = seconds } : null,
        });
        return VendorResponse.Json(200, WithExtra(token, new JsonObject
        {
            ["id"] = token.Id,
            ["name"] = token.Name,
            ["secret"] = token.Secret!.Reveal(),
            ["scope"] = EmulatorJson.Texts(scopes ?? [AllScopes]),
            ["created"] = Created(token),
            ["owner"] = Owner(token),
            [ValidityMember] = Validity(token),
            ["expirationDate"] = EmulatorJson.Time(token.ExpiresAt), // null for never, which the documents don't mention
        }));
    }

    // The operations are applied in order and atomically: if one is refused, the token doesn't change.
    private VendorResponse Patch(ReceivedRequest request, string version, string id)
    {
        if (Find(id) is not { } token)
            return NotFound();
        if (EmulatorJson.Body(request) is not JsonArray operations)
            return Unreadable();
        if (Change(token, operations, version, out var change) is { } refusal)
            return refusal;
        change!();
        return VendorResponse.Json(200, Record(token, version));
    }

    // Returns the refusal, or the change of the token.
    private VendorResponse? Change(EmulatedToken token, JsonArray operations, string version, out Action? change)
    {
        change = null;
        var changed = new JsonObject
        {
            ["/name"] = token.Name,
            ["/scope"] = EmulatorJson.Texts(token.Scopes),
        };
        if (IsFrom2025(version))
        {
            changed["/expirationDate"] = EmulatorJson.Time(token.ExpiresAt);
            changed["/userAwareTokenNeverExpires"] = token.ExpiresAt is null;
        }

        foreach (var item in operations)
        {
            if (item is not JsonObject operation || !SailPointInput.TryText(operation["op"], out var op)
                || !SailPointInput.TryText(operation["path"], out var path) || op is null || path is null)
                return Unreadable();
            if (!changed.ContainsKey(path))
                return Error(400, IllegalValue, $"The path \"{path}\" can't be patched.");
            switch (op)
            {
                case "add" or "replace" when operation.ContainsKey("value"):
                    changed[path] = operation["value"]?.DeepClone();
                    break;
                case "remove":
                    changed[path] = null;
                    break;
                case "test" when JsonNode.DeepEquals(changed[path], operation["value"]):
                    break;
                default: // move and copy need a member that the vendor doesn't have
                    return Error(400, IllegalValue, $"The operation \"{op}\" can't be applied to \"{path}\".");
            }
        }

        if (!SailPointInput.TryText(changed["/name"], out var name) || !SailPointInput.TryScopes(changed["/scope"], out var scopes))
            return Unreadable();
        if (name != token.Name && string.IsNullOrWhiteSpace(name))
            return Error(400, MissingData, "Required data \"name\" was missing or empty.");
        if (scopes is null)
            return Error(400, MissingData, "Required data \"scope\" was missing or empty.");
        var expiry = token.ExpiresAt;
        if (operations.Any(operation => ((string?)operation!["path"]) is "/expirationDate" or "/userAwareTokenNeverExpires"))
        {
            if (!SailPointInput.TryTime(changed["/expirationDate"], out expiry)
                || !SailPointInput.TryValue(changed["/userAwareTokenNeverExpires"], out bool? aware))
                return Unreadable();
            if (Expiry(expiry, aware) is { } wrong)
                return wrong;
        }

        if (name != token.Name && Name(name!, token.OwnerId) is { } taken)
            return taken;
        change = () => (token.Name, token.Scopes, token.ExpiresAt, token.UpdatedAt) = (name, scopes, expiry, Now);
        return null;
    }

    private VendorResponse BulkUpdate(ReceivedRequest request, SailPointSessions.Session caller)
    {
        if (caller.ClientId == ApiClientId)
            return Error(403, "403 Forbidden", "The server understood the request but refuses to authorize it.");
        if (EmulatorJson.Body(request) is not JsonObject body || body["patch"] is not JsonArray operations
            || !SailPointInput.TryScopes(body["ids"], out var ids) || ids is null)
            return Unreadable();
        if (ids.Count is 0 or > LargestBulkUpdate || ids.Any(string.IsNullOrWhiteSpace) || ids.Distinct().Count() < ids.Count)
            return Error(400, IllegalValue, $"The value of \"ids\" must be 1 to {LargestBulkUpdate} different ids.");
        if (operations.Count == 0)
            return Error(400, MissingData, "Required data \"patch\" was missing or empty.");
        if (operations.Select(operation => EmulatorJson.Text((operation as JsonObject)?["path"])).FirstOrDefault(
            path => path is not (null or "/expirationDate" or "/userAwareTokenNeverExpires")) is { } other)
            return Error(400, IllegalValue, $"The path \"{other}\" can't be patched.");
        var tokens = new List<EmulatedToken>();
        var changes = new List<Action>();
        foreach (var id in ids)
        {
            if (Find(id) is not { } token)
                return Error(400, IllegalValue, $"There is no personal access token \"{id}\".");
            if (Change(token, operations, PerService, out var change) is { } refusal)
                return refusal;
            tokens.Add(token);
            changes.Add(change!);
        }

        changes.ForEach(change => change());
        return VendorResponse.Json(200, new JsonArray([.. tokens.OrderBy(token => token.Id, StringComparer.Ordinal).Select(token =>
        {
            // According to the documents, it is stored but not returned.
            var record = Record(token, PerService);
            record.Remove("userAwareTokenNeverExpires");
            return record;
        })]));
    }

    private VendorResponse Delete(string id)
    {
        if (Find(id) is not { } token)
            return NotFound();
        Remove(token);
        return VendorResponse.Empty(204);
    }
}
