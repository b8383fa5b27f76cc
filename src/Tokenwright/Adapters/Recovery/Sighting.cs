namespace Tokenwright.Adapters;

/// <summary>A token that was seen while the one of a lost create was looked for.</summary>
/// <param name="Token">The token.</param>
/// <param name="Likeness">Whether it is that one.</param>
/// <param name="Doubt">What speaks against it; null if nothing does.</param>
internal sealed record Sighting(ApiToken Token, Likeness Likeness, string? Doubt)
{
    public override string ToString() => Doubt is null ? $"id {Token.Id ?? "unknown"}" : $"id {Token.Id ?? "unknown"} ({Doubt})";
}
