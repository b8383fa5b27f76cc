namespace Tokenwright.Testing;

/// <summary>What a request sets of a token of the generation of 2022.</summary>
internal sealed record FimidaraChange(FimidaraInput Sent)
{
    public string? Key { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public IReadOnlyList<(string Id, double? Order)>? Groups { get; init; }

    public IReadOnlyList<(string Id, double? Order)>? Tags { get; init; }
}
