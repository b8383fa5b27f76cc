using Tokenwright.Cli.Connections;

namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>connections</c>. What a test finds out is null or empty if the connection wasn't tested.</summary>
internal sealed record ConnectionRow(
    string Vendor, string Connection, string? BaseAddress, string Source, IReadOnlyList<string> Secrets, string? Result, string? Message)
{
    /// <summary>Gets the settings for proxy, certificates and plain http.</summary>
    public IReadOnlyList<string> Network { get; init; } = [];

    /// <summary>The result of a test that succeeded.</summary>
    public const string Works = "works";

    /// <summary>Gets or initializes the owner of the connection's own token.</summary>
    public OwnerRow? Owner { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets or initializes whether the token never expires; null if that isn't known.</summary>
    public bool? NeverExpires { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>
    /// Gets or initializes what a test couldn't find out: <c>owner</c>, <c>expiresAt</c> and <c>scopes</c>, which stands for the roles too.
    /// </summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Gets or initializes why it couldn't, as sentences; null if nothing is unknown.</summary>
    public string? UnknownReason { get; init; }

    /// <summary>Creates the row of a connection that wasn't tested.</summary>
    public static ConnectionRow Of(OpenConnection open) => new(
        open.Vendor,
        open.Name,
        open.Client.Metadata.BaseAddress.ToString(),
        open.Definition.Line > 0 ? $"{open.Definition.Source}:{open.Definition.Line}" : open.Definition.Source,
        [.. open.Definition.Settings.Values.Where(setting => VendorEntry.IsSecret(open.Definition.Vendor.Settings[setting.Name]))
            .Select(setting => $"{setting.Name}: {Place(setting)}")],
        null,
        null) { Network = open.Network };

    /// <summary>Creates the row of a connection whose settings have problems.</summary>
    public static ConnectionRow Of(FailureRow invalid)
        => new(invalid.Vendor, invalid.Connection, null, "configuration", [], "invalid", invalid.Message);

    // Only the kind of the source is shown, because the arguments of a command can contain a secret too.
    private static string Place(Setting setting)
        => setting.IsPlainSecret ? setting.Line > 0 ? "plain text in the file" : "the environment"
        : SecretForm.Of(setting.Value) switch
        {
            { Kind: SecretForm.Command } => "a command",
            { Kind: SecretForm.Stdin } => "the standard input",
            { Kind: nameof(SecretSource.File), Value.Text: var path } => $"file {path}",
            { Value.Text: var variable } => $"environment variable {variable}",
        };
}
