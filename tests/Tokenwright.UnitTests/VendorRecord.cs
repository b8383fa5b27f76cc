using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>
/// How one vendor sends the record of a token: the names of its members, the JSON around them, and how a client reads it from a raw socket.
/// </summary>
/// <param name="Name">The vendor, and the kind of token.</param>
/// <param name="Open">Creates a client for an address.</param>
/// <param name="Body">Creates the response body with a record.</param>
/// <param name="Reference">The reference to the token.</param>
internal sealed record VendorRecord(string Name, Func<Uri, ITokenClient> Open, Func<string, string> Body, TokenReference Reference)
{
    private const string Secret = "own-secret-value";

    /// <summary>Gets the member with the expiry; null where records have none.</summary>
    public string? Expiry { get; init; }

    /// <summary>Gets the member with the time of issue.</summary>
    public required string Created { get; init; }

    /// <summary>Gets the member with the last use; null where records have none.</summary>
    public string? LastUse { get; init; }

    /// <summary>Gets the member with the rights; null where records have none.</summary>
    public string? Rights { get; init; }

    /// <summary>Gets the flag of a revoked token; null where records have none.</summary>
    public string? Flag { get; init; }

    /// <summary>Gets whether a missing expiry means that the token never expires.</summary>
    public bool MissingMeansNever { get; init; }

    /// <summary>Gets whether an expiry of zero is a valid time.</summary>
    public bool ZeroIsTime { get; init; }

    /// <summary>Gets whether a record proves that its token has not expired.</summary>
    public bool IsProof { get; init; }

    public static VendorRecord[] All { get; } =
    [
        new("SailPoint", address => new SailPointTokenClient("c", new() { BaseAddress = address, ClientId = "id",
            ClientSecret = new TokenSecret(Secret), MaxRetries = 0 }), record => $"[{record}]", TokenReference.ById("x"))
        {
            Expiry = "expirationDate", Created = "created", LastUse = "lastUsed", Rights = "scope", MissingMeansNever = true,
        },
        new("fimidara agent tokens", address => Fimidara(address, FimidaraTokenKind.AgentToken), record => $$"""{"token":{{record}}}""",
            TokenReference.ById("x"))
        {
            Expiry = "expiresAt", Created = "createdAt", Flag = "isDeleted", MissingMeansNever = true, ZeroIsTime = true,
        },
        new("fimidara client-assigned tokens", address => Fimidara(address, FimidaraTokenKind.ClientAssignedToken),
            record => $$"""{"token":{{record}}}""", TokenReference.ById("x"))
        {
            Expiry = "expires", Created = "createdAt", Rights = "permissionGroups", MissingMeansNever = true,
        },
        new("fimidara program access tokens", address => Fimidara(address, FimidaraTokenKind.ProgramAccessToken),
            record => $$"""{"token":{{record}}}""", TokenReference.ById("x"))
        {
            Created = "createdAt", Rights = "permissionGroups", MissingMeansNever = true,
        },
        new("VMware", address => new VMwareCloudTokenClient("c", new() { BaseAddress = address, ApiToken = new TokenSecret(Secret),
            MaxRetries = 0 }), record => record, TokenReference.BySecret(new TokenSecret("other-secret")))
        {
            Expiry = "expiresAt", Created = "createdAt", LastUse = "lastUsedAt", Rights = "scope", Flag = "deactivated",
        },
        new("ExtremeCloud IQ", address => new ExtremeCloudIQTokenClient("c",
            new() { BaseAddress = address, ApiToken = new TokenSecret(Secret), MaxRetries = 0 }), record => record, TokenReference.Self)
        {
            Expiry = "expiration_time", Created = "issued_at", Rights = "scopes", IsProof = true,
        },
        new("XMS", address => new XmsTokenClient("c", new() { BaseAddress = new Uri(address, "v1"), AccessToken = new TokenSecret(Secret),
            MaxRetries = 0 }), record => $$"""{"access_token":{{record}}}""", TokenReference.ById("7"))
        {
            Created = "create", Rights = "roles", MissingMeansNever = true,
        },
    ];

    /// <summary>Reads a record with the given members from a raw socket.</summary>
    public async Task<ApiToken> ReadAsync(string members)
    {
        using var server = Serve(Body($$"""{"id":"x"{{(members.Length > 0 ? "," : string.Empty)}}{{members}}}"""));
        using var client = Open(server.Address);
        return await client.GetAsync(Reference);
    }

    /// <summary>Serves a body for every request except the exchange of a credential.</summary>
    public static RawServer Serve(string body) => Serve(_ => body);

    /// <summary>Serves a body that is created from the head of a request, except for the exchange of a credential.</summary>
    public static RawServer Serve(Func<string, string> body) => new((head, stream, cancellationToken) =>
        RawServer.WriteAsync(stream, Ok(head.Contains("/oauth/token", StringComparison.Ordinal) ? """{"access_token":"at"}""" : body(head)),
            cancellationToken));

    public override string ToString() => Name;

    private static string Ok(string body)
        => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
            $"{System.Text.Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    private static FimidaraTokenClient Fimidara(Uri address, FimidaraTokenKind kind)
        => new("c", new() { BaseAddress = address, Token = new TokenSecret(Secret), TokenKind = kind, MaxRetries = 0 });
}
