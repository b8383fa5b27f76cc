namespace Tokenwright.Benchmarks.Candidates;

/// <summary>A token as the bare client reads it: what the facade shows of it.</summary>
internal sealed record BareToken(
    long Id, string? Name, string? Description, List<string>? Roles, long? OwnerId, string? OwnerName, DateTimeOffset? Created,
    DateTimeOffset? Updated, bool Used, string? Secret);
