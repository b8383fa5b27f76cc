using Tokenwright.Fimidara.Api;
using Tokenwright.Http;
using Tokenwright.Json;

namespace Tokenwright.Fimidara;

/// <summary>fimidara's models in the facade's words.</summary>
internal static class FimidaraMapping
{
    private static readonly TokenKind AgentTokenKind = new("agent token");
    private static readonly TokenKind ClientAssignedTokenKind = new("client-assigned token");
    private static readonly TokenKind ProgramAccessTokenKind = new("program access token");

    // Of all generations: a server may send a member that the model of another generation knows.
    private static readonly string[] SecretNames = ["jwtToken", "refreshToken", "tokenStr"];

    // The server takes any time that JavaScript has, 0 and less included: its calendar is longer than ours. What lies beyond is no time.
    private const long LargestTime = 8_640_000_000_000_000;

    public static ApiToken ToApiToken(AgentToken model, VendorConnection connection, bool includeRaw)
    {
        model.JwtToken = null;
        model.RefreshToken = null;
        var record = new RecordReader<AgentToken>(model);
        if (model.ExpiresAt is not { } end)
            ReadExpiry(ref record, null, connection, "expiresAt", "expires");
        else if (Time(end) is { } time)
            record.SetExpiry(time, time <= connection.TimeProvider.GetUtcNow());
        else if (end is >= -LargestTime and <= LargestTime)
            record.SetExpiry(null, isOver: end < 0);
        else
            record.RefuseExpiry("expiresAt", end);
        return ToApiToken(
            model,
            ref record,
            connection,
            includeRaw,
            AgentTokenKind,
            id: model.ResourceId,
            key: model.ProvidedResourceId,
            name: model.Name,
            description: model.Description,
            creator: model.CreatedBy,
            createdAt: Time(model.CreatedAt),
            updatedAt: Time(model.LastUpdatedAt),
            isDeleted: record.Flag(model.IsDeleted, "isDeleted"));
    }

    public static ApiToken ToApiToken(ClientAssignedToken model, VendorConnection connection, bool includeRaw)
    {
        model.TokenStr = null;
        var record = new RecordReader<ClientAssignedToken>(model);
        ReadExpiry(ref record, model.Expires, connection, "expires", "expiresAt");
        record.ReadRights("permissionGroups");
        return ToApiToken(
            model,
            ref record,
            connection,
            includeRaw,
            ClientAssignedTokenKind,
            id: model.ResourceId,
            key: model.ProvidedResourceId,
            name: model.Name,
            description: model.Description,
            creator: model.CreatedBy,
            createdAt: model.CreatedAt,
            updatedAt: model.LastUpdatedAt);
    }

    public static ApiToken ToApiToken(ProgramAccessToken model, VendorConnection connection, bool includeRaw)
    {
        model.TokenStr = null;
        var record = new RecordReader<ProgramAccessToken>(model);
        ReadExpiry(ref record, null, connection, "expires", "expiresAt");
        record.ReadRights("permissionGroups");
        return ToApiToken(
            model,
            ref record,
            connection,
            includeRaw,
            ProgramAccessTokenKind,
            id: model.ResourceId,
            key: null,
            name: model.Name,
            description: model.Description,
            creator: model.CreatedBy,
            createdAt: model.CreatedAt,
            updatedAt: model.LastUpdatedAt);
    }

    // Milliseconds, as the server writes them. A number beyond our calendar of milliseconds can be a time of this century in a finer unit.
    private static DateTimeOffset? Time(long? number) => VendorTime.FromEpochMilliseconds(number) ?? VendorTime.FromEpoch(number);

    // By the vendor's rule a token without an expiry never expires. Each generation sends it under its own name, and may meet the model of
    // another one.
    private static void ReadExpiry<TModel>(
        ref RecordReader<TModel> record, DateTimeOffset? read, VendorConnection connection, string name, string otherName)
        where TModel : class, IJsonModel<TModel>
        => record.ReadExpiry(read, connection.TimeProvider.GetUtcNow(), missingMeansNever: true, name, otherName);

    private static ApiToken ToApiToken<TModel>(
        TModel model,
        ref RecordReader<TModel> record,
        VendorConnection connection,
        bool includeRaw,
        TokenKind kind,
        string? id,
        string? key,
        string? name,
        string? description,
        Agent? creator,
        DateTimeOffset? createdAt,
        DateTimeOffset? updatedAt,
        bool isDeleted = false)
        where TModel : class, IJsonModel<TModel>
    {
        VendorJson.DropSecrets(model, SecretNames);
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = kind,
            Id = id,
            Key = key,
            Name = name,
            Description = description,
            // A fimidara token acts as itself and has no owner; who made it is the nearest that the record has.
            Owner = creator is null ? null : RepeatedParts.OwnerOf(creator.AgentId, null, creator.AgentType),
            CreatedAt = record.Time(createdAt, "createdAt"),
            UpdatedAt = record.Time(updatedAt, "lastUpdatedAt"),
            ExpiresAt = record.ExpiresAt,
            NeverExpires = record.NeverExpires,
            State = isDeleted ? TokenState.Revoked : record.State,
            NativeStatus = isDeleted ? "deleted" : null,
            Raw = includeRaw ? model : null,
            UnknownFields = record.UnknownFields,
            Unreadable = record.Unreadable,
        };
    }
}
