namespace Tokenwright.Fimidara;

/// <summary>Provides the options of a connection to a fimidara workspace.</summary>
/// <remarks>The default of <see cref="ConnectionOptions.BaseAddress"/> is <c>https://api.fimidara.com</c>.</remarks>
public sealed class FimidaraOptions : ConnectionOptions
{
    private const int LongestWorkspaceId = 50;

    /// <summary>Initializes a new instance of the <see cref="FimidaraOptions"/> class with the address of the hosted service.</summary>
    public FimidaraOptions() => BaseAddress = new Uri("https://api.fimidara.com");

    /// <summary>Gets or sets the JWT of the connection, which belongs to a token or to a user's session.</summary>
    public SecretSource? Token { get; set; }

    /// <summary>
    /// Gets or sets the id of the workspace whose tokens to manage, at most 50 characters. A user's session requires it. A token uses its
    /// own workspace by default.
    /// </summary>
    public string? WorkspaceId { get; set; }

    /// <summary>
    /// Gets or sets the kind of tokens that the connection manages, and their generation. It is read once, when the connection is opened.
    /// </summary>
    public FimidaraTokenKind TokenKind { get; set; } = FimidaraTokenKind.AgentToken;

    // The vendor doesn't document how it counts calls. The credential is the best guess.
    /// <inheritdoc />
    protected override string RateLimitScope => ScopeOf(Token) ?? string.Empty;

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, object?>> ReadOnce => [.. base.ReadOnce, new(nameof(TokenKind), TokenKind)];

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets => [new(nameof(Token), Token)];

    /// <inheritdoc />
    protected override void BindSecrets(Func<string, SecretSource?> read)
    {
        Token = read(nameof(Token)) ?? Token;
    }

    /// <inheritdoc />
    protected override IEnumerable<string> ValidateVendor()
    {
        if (Token is null)
            yield return $"{nameof(Token)} is missing: the JWT of a token or of a user's session.";
        if (WorkspaceId is not null && (string.IsNullOrWhiteSpace(WorkspaceId) || WorkspaceId.Length > LongestWorkspaceId))
            yield return $"{nameof(WorkspaceId)} must have 1 to {LongestWorkspaceId} characters, not all white space; leave it out if a " +
                "token works in its own workspace.";
        else if (ValidateId(nameof(WorkspaceId), WorkspaceId) is { } problem)
            yield return problem;
        if (!Enum.IsDefined(TokenKind))
            yield return $"{nameof(TokenKind)} must be one of {string.Join(", ", Enum.GetNames<FimidaraTokenKind>())}, not {TokenKind}.";
    }
}
