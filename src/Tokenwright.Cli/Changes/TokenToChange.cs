using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>Represents a token that a command is about to change.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Reference">The reference to the token.</param>
internal sealed record TokenToChange(OpenConnection Connection, TokenReference Reference)
{
    /// <summary>Gets or initializes the token's record; null if it wasn't read.</summary>
    public ApiToken? Record { get; init; }

    /// <summary>Gets or initializes whether the vendor doesn't know the token, or doesn't show it to this credential.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Gets or initializes why the token must not be changed; null if it may be.</summary>
    public string? Refusal { get; init; }

    /// <summary>Gets or initializes the exit status for the refusal.</summary>
    public int RefusalStatus { get; init; } = ExitCode.Usage;

    /// <summary>Gets or initializes what the change does to the connection; null if the token isn't the connection's own.</summary>
    public string? Effect { get; init; }

    /// <summary>Determines whether this is the token of a record. Some vendors compare ids without case.</summary>
    public bool Is(ApiToken? token)
        => IsSame(Reference.Id, token?.Id) || IsSame(Record?.Id, token?.Id) || IsSame(Reference.Key, token?.Key);

    /// <summary>Describes the token for a person, as far as it is known, and without a secret.</summary>
    public string Describe(DateTimeOffset now)
    {
        var time = new TimeText(now, isWide: true);
        string?[] facts =
        [
            Record?.Name is { } name ? $"'{name}'" : Record?.Description is { } description ? $"'{description}'" : null,
            Record?.Owner is { } owner ? $"of {owner}" : null,
            Record?.LastUsedAt is { } used ? $"last used {time.Tell(used)}" : null,
            Record?.State.ToString(),
            IsMissing ? "not found: it is gone already, or this credential can't see it" : null,
        ];
        return $"{Reference} {string.Join(", ", facts.OfType<string>())}".TrimEnd();
    }

    private static bool IsSame(string? one, string? other)
        => one is not null && string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
