using System.Collections.ObjectModel;
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
    private static readonly string[] ExpiryNames = ["expiresAt", "expires"];

    public static ApiToken ToApiToken(AgentToken model, VendorConnection connection, bool includeRaw)
    {
        model.JwtToken = null;
        model.RefreshToken = null;
        return ToApiToken(
            model,
            connection,
            includeRaw,
            AgentTokenKind,
            id: model.ResourceId,
            key: model.ProvidedResourceId,
            name: model.Name,
            description: model.Description,
            creator: model.CreatedBy,
            createdAt: VendorTime.FromEpochMilliseconds(model.CreatedAt),
            updatedAt: VendorTime.FromEpochMilliseconds(model.LastUpdatedAt),
            // The vendor's calendar is longer than ours: what has no instant here has an end all the same.
            expiry: model.ExpiresAt is { } end ? (VendorTime.FromEpochMilliseconds(end), end <= connection.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()) : null,
            isDeleted: model.IsDeleted == true);
    }

    public static ApiToken ToApiToken(ClientAssignedToken model, VendorConnection connection, bool includeRaw)
    {
        model.TokenStr = null;
        return ToApiToken(
            model,
            connection,
            includeRaw,
            ClientAssignedTokenKind,
            id: model.ResourceId,
            key: model.ProvidedResourceId,
            name: model.Name,
            description: model.Description,
            creator: model.CreatedBy,
            createdAt: model.CreatedAt,
            updatedAt: model.LastUpdatedAt,
            expiry: model.Expires is { } end ? (end, end <= connection.TimeProvider.GetUtcNow()) : null);
    }

    public static ApiToken ToApiToken(ProgramAccessToken model, VendorConnection connection, bool includeRaw)
    {
        model.TokenStr = null;
        return ToApiToken(
            model,
            connection,
            includeRaw,
            ProgramAccessTokenKind,
            id: model.ResourceId,
            key: null,
            name: model.Name,
            description: model.Description,
            creator: model.CreatedBy,
            createdAt: model.CreatedAt,
            updatedAt: model.LastUpdatedAt,
            expiry: null);
    }

    private static ApiToken ToApiToken<TModel>(
        TModel model,
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
        (DateTimeOffset? At, bool IsOver)? expiry,
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
            CreatedAt = createdAt,
            UpdatedAt = updatedAt,
            ExpiresAt = expiry?.At,
            // By the vendor's rule a token without an expiry has no end. One that could not be read is kept with the unknown members; it is not a missing one.
            NeverExpires = expiry is null && !VendorJson.Keeps(model, ExpiryNames),
            State = isDeleted ? TokenState.Revoked : expiry is { IsOver: true } ? TokenState.Expired : TokenState.Active,
            NativeStatus = isDeleted ? "deleted" : null,
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw ? VendorJson.UnknownFields(model) : ReadOnlyDictionary<string, string>.Empty,
        };
    }
}
