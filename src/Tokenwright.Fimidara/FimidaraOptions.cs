namespace Tokenwright.Fimidara;

/// <summary>A connection to a fimidara workspace.</summary>
/// <remarks><see cref="ConnectionOptions.BaseAddress"/> is <c>https://api.fimidara.com</c> unless another one is set.</remarks>
public sealed class FimidaraOptions : ConnectionOptions
{
    private const int LongestWorkspaceId = 50;

    /// <summary>Creates the options, with the address of the hosted service.</summary>
    public FimidaraOptions() => BaseAddress = new Uri("https://api.fimidara.com");

    /// <summary>Gets or sets the JWT that the connection works with: of a token, or of a user's session. It is sent as it stands.</summary>
    public SecretSource? Token { get; set; }

    /// <summary>
    /// Gets or sets the id of the workspace whose tokens are meant, at most 50 characters. A user's session needs it; a token works in its
    /// own workspace without.
    /// </summary>
    public string? WorkspaceId { get; set; }

    /// <summary>Gets or sets which of the vendor's tokens the connection works with. Read once, when the connection is opened.</summary>
    public FimidaraTokenKind TokenKind { get; set; } = FimidaraTokenKind.AgentToken;

    // The vendor counts by nothing that is documented; so by credential.
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
            yield return $"{nameof(WorkspaceId)} must have 1 to {LongestWorkspaceId} characters, not all blank; leave it out where a " +
                "token works in its own workspace.";
        else if (ValidateId(nameof(WorkspaceId), WorkspaceId) is { } problem)
            yield return problem;
        if (!Enum.IsDefined(TokenKind))
            yield return $"{nameof(TokenKind)} must be one of {string.Join(", ", Enum.GetNames<FimidaraTokenKind>())}, not {TokenKind}.";
    }
}
