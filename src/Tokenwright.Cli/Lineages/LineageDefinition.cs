using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Rotation;

namespace Tokenwright.Cli.Lineages;

/// <summary>Represents a lineage as the connections file describes it.</summary>
/// <param name="name">The lineage's name.</param>
/// <param name="source">The file.</param>
/// <param name="line">The line in the file.</param>
internal sealed class LineageDefinition(string name, string source, int line)
{
    public string Name => name;

    /// <summary>Gets the file and the line.</summary>
    public string Place => FormattableString.Invariant($"{source}:{line}");

    /// <summary>Gets or initializes the name of the connection; empty if it is missing.</summary>
    public string Connection { get; init; } = string.Empty;

    public string? NamePrefix { get; init; }

    /// <summary>Gets or initializes whether the name of a token is its description, at vendors whose tokens have no name.</summary>
    public bool NameInDescription { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public IReadOnlyList<string>? Roles { get; init; }

    public IReadOnlyList<ISecretSink> Sinks { get; init; } = [];

    /// <summary>Gets where the secret is written, as text.</summary>
    public string SinkText => string.Join(", ", Sinks.Select(sink => sink.Description));

    public IReadOnlyList<string> Consumers { get; init; } = [];

    public bool IsConnectionCredential { get; init; }

    /// <summary>Gets or initializes the source of the identity token of the token's user; null for none.</summary>
    public SecretSource? IdToken { get; init; }

    public RotationPolicy Policy { get; init; } = new();

    /// <summary>Gets or initializes the problems. They affect this lineage only.</summary>
    public required ConfigProblems Problems { get; init; }

    /// <summary>Gets or sets the vendor of the connection; null if that isn't known.</summary>
    public VendorEntry? Vendor { get; set; }

    /// <summary>Adds a problem that concerns the lineage as a whole.</summary>
    public void Report(string problem) => Problems.Add(source, line, $"{LineagesFile.Root}:{LineagesFile.Lineages}:{name}", problem);

    /// <summary>Creates the lineage for a rotator.</summary>
    /// <param name="wrap">Wraps the sinks, for example for a dry run; null to use them as they are.</param>
    public TokenLineage ToLineage(Func<ISecretSink, ISecretSink>? wrap = null) => new()
    {
        Name = name,
        Connection = Connection,
        NamePrefix = NamePrefix,
        CreateRequest = token => new CreateTokenRequest
        {
            Name = NameInDescription ? null : token,
            Description = NameInDescription ? token : null,
            Scopes = Scopes is null ? null : [.. Scopes.Select(scope => new TokenScope(scope))],
            Roles = Roles is null ? null : [.. Roles.Select(role => new TokenRole(role))],
        },
        Sinks = wrap is null ? Sinks : [.. Sinks.Select(wrap)],
        Consumers = Consumers,
        Policy = Policy,
        IsConnectionCredential = IsConnectionCredential,
        ReadIdToken = IdToken is { } idToken ? idToken.ReadAsync : null,
    };
}
