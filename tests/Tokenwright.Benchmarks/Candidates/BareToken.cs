namespace Tokenwright.Benchmarks.Candidates;

/// <summary>A token as the bare client reads it, with the members that the facade has.</summary>
internal sealed record BareToken(
    long Id, string? Name, string? Description, List<string>? Roles, long? OwnerId, string? OwnerName, DateTimeOffset? Created,
    DateTimeOffset? Updated, bool Used, string? Secret);
