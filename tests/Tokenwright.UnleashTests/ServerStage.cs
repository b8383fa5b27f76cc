using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;
using Unleash.Tokens;

namespace Tokenwright.UnleashTests;

/// <summary>
/// Represents the real server for the conformance suite. The clients reach it by HTTP only; the suite's own tokens are put into its
/// database, because they can be older or more used than the API would make them.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="clock">The clock of the clients.</param>
internal sealed class ServerStage(UnleashServer server, TimeProvider clock) : ConformanceStage
{
    private readonly Dictionary<string, EmulatedToken> _known = [];
    private ServerTransport? _newest;
    private int _requests;

    public override bool FollowsClock => false;

    public override IReadOnlyList<EmulatedToken> Tokens => Read();

    public override int Requests => _requests;

    public override EmulatedToken Add(EmulatedToken token)
    {
        token.Roles = token.Roles.Count > 0 ? token.Roles : ["client"];
        token.Scopes = token.Scopes.Count > 0 ? token.Scopes : ["*:development"];
        token.Secret ??= new TokenSecret($"{token.Scopes[0]}.{RandomNumberGenerator.GetHexString(56, lowercase: true)}");
        token.Id = UnleashTokenClient.IdOf(token.Secret);
        token.CreatedAt ??= clock.GetUtcNow();
        Execute(
            """
            insert into api_tokens (secret, username, token_name, type, environment, created_at, expires_at, seen_at)
            values ($1, $2, $2, $3, $4, $5, $6, $7)
            """,
            token.Secret.Reveal(), token.Name, token.Roles[0], token.Scopes[0].Split(':')[1], token.CreatedAt?.UtcDateTime,
            token.ExpiresAt?.UtcDateTime, token.LastUsedAt?.UtcDateTime);
        lock (_known)
            _known.Add(token.Secret.Reveal(), token);
        return token;
    }

    public override void Remove(EmulatedToken token) => Execute("delete from api_tokens where secret = $1", token.Secret!.Reveal());

    public override void Clear() => Execute("truncate api_tokens cascade");

    public override Task Hold(TokenOperation operation, int number) => _newest!.Hold(number);

    protected override ITokenClient CreateClient(EmulatedToken? own)
    {
        Own(_newest = new ServerTransport(() => Interlocked.Increment(ref _requests), RespondedAsync));
        return server.Open(own?.Secret, new ConnectionEnvironment { Transport = _newest, TimeProvider = clock });
    }

    // The suite asks about a deleted token at once. The server knows of it when its scheduler has read the tokens again.
    private async Task RespondedAsync(HttpMethod method)
    {
        if (method == HttpMethod.Delete)
            await server.RunAsync("fetchActiveTokens");
        Read();
    }

    private void Execute(string sql, params object?[] values)
    {
        using var command = server.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        command.ExecuteNonQuery();
    }

    // A token that the case has seen stays the same object, with the values that the server shows.
    private List<EmulatedToken> Read()
    {
        lock (_known)
            return [.. server.ReadTokens().Select(Known)];
    }

    private EmulatedToken Known(JsonElement record)
    {
        DateTimeOffset? Time(string name) => record.GetProperty(name) is { ValueKind: JsonValueKind.String } time
            ? time.GetDateTimeOffset() : null;
        var secret = record.GetProperty("secret").GetString()!;
        if (!_known.TryGetValue(secret, out var token))
            _known.Add(secret, token = new EmulatedToken { Secret = new TokenSecret(secret) });
        token.Id = UnleashTokenClient.IdOf(token.Secret!);
        token.Name = record.GetProperty("tokenName").GetString();
        token.Roles = [record.GetProperty("type").GetString()!];
        token.Scopes = [.. record.GetProperty("projects").EnumerateArray()
            .Select(project => $"{project.GetString()}:{record.GetProperty("environment").GetString()}")];
        (token.CreatedAt, token.ExpiresAt, token.LastUsedAt) = (Time("createdAt"), Time("expiresAt"), Time("seenAt"));
        return token;
    }
}
