namespace Tokenwright.Adapters;

/// <summary>Represents the result of a search for the token of a lost create.</summary>
/// <param name="Sightings">The tokens that were found, without those that can't be the one.</param>
internal sealed record Finding(IReadOnlyList<Sighting> Sightings)
{
    /// <summary>
    /// Gets the token of the lost create; null if none was found, or if it isn't certain which one it is. A token that contradicts the
    /// request doesn't make this uncertain. A token that can't be judged does.
    /// </summary>
    public ApiToken? Orphan => Sightings.Where(sighting => sighting.Likeness != Likeness.Mismatch)
        .ToList() is [{ Likeness: Likeness.Match } only] ? only.Token : null;

    /// <summary>Gets the found tokens to report to the caller: only the orphaned token if it is known.</summary>
    public IReadOnlyList<ApiToken> Tokens => Orphan is { } orphan ? [orphan] : [.. Sightings.Select(sighting => sighting.Token)];
}
