namespace Tokenwright.Rotation;

/// <summary>A token that may exist, and that can't be found.</summary>
internal sealed class DebtEntry
{
    public string Name { get; set; } = string.Empty;

    public DateTimeOffset Until { get; set; }
}
