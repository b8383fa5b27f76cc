using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;
using Tokenwright.Generated;

namespace Tokenwright.Fimidara;

/// <summary>Converts fimidara's models to the common types.</summary>
internal static class FimidaraMapping
{
    private static readonly TokenKind AgentTokenKind = new("agent token");
    private static readonly TokenKind ClientAssignedTokenKind = new("client-assigned token");
    private static readonly TokenKind ProgramAccessTokenKind = new("program access token");

    // These are the names in all generations, because a server can send a member of another generation.
    private static readonly string[] SecretNames = ["jwtToken", "refreshToken", "tokenStr"];

    // The server accepts any time in JavaScript's range, including 0 and negative ones. A number outside that range isn't a time.
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
        return ToApiToken(model, ref record, new Record(
            AgentTokenKind,
            Id: model.ResourceId,
            Key: model.ProvidedResourceId,
            Name: model.Name,
            Description: model.Description,
            Creator: model.CreatedBy,
            CreatedAt: Time(model.CreatedAt),
            UpdatedAt: Time(model.LastUpdatedAt),
            IsDeleted: record.Flag(model.IsDeleted, "isDeleted")), connection, includeRaw);
    }

    public static ApiToken ToApiToken(ClientAssignedToken model, VendorConnection connection, bool includeRaw)
    {
        model.TokenStr = null;
        var record = new RecordReader<ClientAssignedToken>(model);
        ReadExpiry(ref record, model.Expires, connection, "expires", "expiresAt");
        record.ReadRights("permissionGroups");
        return ToApiToken(model, ref record, new Record(
            ClientAssignedTokenKind,
            Id: model.ResourceId,
            Key: model.ProvidedResourceId,
            Name: model.Name,
            Description: model.Description,
            Creator: model.CreatedBy,
            CreatedAt: model.CreatedAt,
            UpdatedAt: model.LastUpdatedAt), connection, includeRaw);
    }

    public static ApiToken ToApiToken(ProgramAccessToken model, VendorConnection connection, bool includeRaw)
    {
        model.TokenStr = null;
        var record = new RecordReader<ProgramAccessToken>(model);
        ReadExpiry(ref record, null, connection, "expires", "expiresAt");
        record.ReadRights("permissionGroups");
        return ToApiToken(model, ref record, new Record(
            ProgramAccessTokenKind,
            Id: model.ResourceId,
            Key: null,
            Name: model.Name,
            Description: model.Description,
            Creator: model.CreatedBy,
            CreatedAt: model.CreatedAt,
            UpdatedAt: model.LastUpdatedAt), connection, includeRaw);
    }

    // The server writes milliseconds. A number outside the range of DateTimeOffset can be a current time in a finer unit.
    private static DateTimeOffset? Time(long? number) => VendorTime.FromEpochMilliseconds(number) ?? VendorTime.FromEpoch(number);

    // By the vendor's rules, a token without an expiry never expires. Each generation has its own name for the expiry, and a server can
    // send that of another generation.
    private static void ReadExpiry<TModel>(
        ref RecordReader<TModel> record, DateTimeOffset? read, VendorConnection connection, string name, string otherName)
        where TModel : class, IJsonModel<TModel>
        => record.ReadExpiry(read, connection.TimeProvider, missingMeansNever: true, name, otherName);

    private static ApiToken ToApiToken<TModel>(
        TModel model, ref RecordReader<TModel> record, in Record fields, VendorConnection connection, bool includeRaw)
        where TModel : class, IJsonModel<TModel>
    {
        VendorJson.DropSecrets(model, SecretNames);
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = fields.Kind,
            Id = fields.Id,
            Key = fields.Key,
            Name = fields.Name,
            Description = fields.Description,
            // A fimidara token acts as itself and has no owner. Its creator is the closest information in the record.
            Owner = fields.Creator is { } creator ? RepeatedParts.OwnerOf(creator.AgentId, null, creator.AgentType) : null,
            CreatedAt = record.Time(fields.CreatedAt, "createdAt"),
            UpdatedAt = record.Time(fields.UpdatedAt, "lastUpdatedAt"),
            ExpiresAt = record.ExpiresAt,
            NeverExpires = record.NeverExpires,
            State = fields.IsDeleted ? TokenState.Revoked : record.State,
            NativeStatus = fields.IsDeleted ? "deleted" : null,
            Raw = includeRaw ? model : null,
            UnknownFields = record.UnknownFields,
            Unreadable = record.Unreadable,
        };
    }

    // The members that the records of all kinds have.
    private readonly record struct Record(
        TokenKind Kind, string? Id, string? Key, string? Name, string? Description, Agent? Creator, DateTimeOffset? CreatedAt,
        DateTimeOffset? UpdatedAt, bool IsDeleted = false);
}
