namespace Tokenwright.Testing;

/// <summary>A token of the kind before the API tokens.</summary>
internal sealed class ExtremeCloudIQLegacyToken
{
    public required long Id { get; init; }

    public required string AccessToken { get; init; }

    public required string RefreshToken { get; init; }

    public required string Grantor { get; init; }

    public required string Application { get; init; }

    public required string ClientId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }
}
