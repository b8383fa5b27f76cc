namespace Tokenwright.Testing;

/// <summary>Represents the values that a request sets for a token of the older generations.</summary>
internal sealed record FimidaraChange(FimidaraInput Sent)
{
    public string? Key { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public IReadOnlyList<(string Id, double? Order)>? Groups { get; init; }

    public IReadOnlyList<(string Id, double? Order)>? Tags { get; init; }
}
