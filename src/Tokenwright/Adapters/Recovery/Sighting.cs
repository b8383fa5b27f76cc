namespace Tokenwright.Adapters;

/// <summary>Represents a token that was found in the search for the token of a lost create.</summary>
/// <param name="Token">The token.</param>
/// <param name="Likeness">Whether the token is the one.</param>
/// <param name="Doubt">What speaks against it; null if there is nothing.</param>
internal sealed record Sighting(ApiToken Token, Likeness Likeness, string? Doubt)
{
    public override string ToString() => Doubt is null ? $"id {Token.Id ?? "unknown"}" : $"id {Token.Id ?? "unknown"} ({Doubt})";
}
