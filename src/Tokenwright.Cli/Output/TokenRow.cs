namespace Tokenwright.Cli.Output;

/// <summary>Represents a token as the tool prints it. The form is stable: properties are added, but never renamed.</summary>
internal sealed record TokenRow
{
    public required string Vendor { get; init; }

    public required string Connection { get; init; }

    public string? Kind { get; init; }

    public string? Id { get; init; }

    public string? Key { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public OwnerRow? Owner { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool NeverExpires { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public required string State { get; init; }

    public string? NativeStatus { get; init; }

    /// <summary>Creates the row of a token.</summary>
    public static TokenRow Of(ApiToken token) => new()
    {
        Vendor = token.Vendor,
        Connection = token.Connection,
        Kind = token.Kind.Value,
        Id = token.Id,
        Key = token.Key,
        Name = token.Name,
        Description = token.Description,
        Owner = token.Owner is { } owner ? new OwnerRow(owner.Id, owner.Name, owner.Kind) : null,
        Scopes = [.. token.Scopes.Select(scope => scope.Value)],
        Roles = [.. token.Roles.Select(role => role.Value)],
        CreatedAt = token.CreatedAt,
        UpdatedAt = token.UpdatedAt,
        ExpiresAt = token.ExpiresAt,
        NeverExpires = token.NeverExpires,
        LastUsedAt = token.LastUsedAt,
        State = token.State.ToString(),
        NativeStatus = token.NativeStatus,
    };
}
