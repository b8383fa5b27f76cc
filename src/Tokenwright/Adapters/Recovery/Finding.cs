namespace Tokenwright.Adapters;

/// <summary>What a search for the token of a lost create came to.</summary>
/// <param name="Sightings">The tokens that were seen, without those that can't be it.</param>
internal sealed record Finding(IReadOnlyList<Sighting> Sightings)
{
    /// <summary>
    /// Gets the token of the lost create; null where none was seen, or where it is not certain which one it is. One that disagrees with the
    /// request stands in the way of no other; one of which nobody can tell does.
    /// </summary>
    public ApiToken? Orphan => Sightings.Where(sighting => sighting.Likeness != Likeness.Mismatch)
        .ToList() is [{ Likeness: Likeness.Match } only] ? only.Token : null;

    /// <summary>Gets the tokens that were seen, as the caller is told of them: the orphan alone where it is known.</summary>
    public IReadOnlyList<ApiToken> Tokens => Orphan is { } orphan ? [orphan] : [.. Sightings.Select(sighting => sighting.Token)];
}
