namespace Tokenwright.Testing;

/// <summary>Represents a legacy token, the predecessor of the API tokens.</summary>
internal sealed class ExtremeCloudIQLegacyToken(long id, string clientId, DateTimeOffset createdAt, int days)
{
    public long Id => id;

    public string AccessToken => $"emulated-access-token-{id}";

    public string RefreshToken => $"emulated-refresh-token-{id}";

    public string Grantor { get; } = ExtremeCloudIQEmulator.Username;

    public string Application { get; } = "Example application";

    public string ClientId => clientId;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    public DateTimeOffset ExpiresAt { get; set; } = createdAt.AddDays(days);
}
