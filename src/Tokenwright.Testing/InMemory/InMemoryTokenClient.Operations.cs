namespace Tokenwright.Testing;

/// <content>Implements the operations.</content>
public sealed partial class InMemoryTokenClient
{
    private IssuedToken Create(CreateTokenRequest request)
    {
        RequireFree(TokenOperation.Create, request.Name, request.Key, null);
        var token = Add(new EmulatedToken
        {
            Name = request.Name,
            Description = request.Description,
            Key = request.Key,
            Scopes = [.. (request.Scopes ?? []).Select(scope => scope.Value)],
            Roles = [.. (request.Roles ?? []).Select(role => role.Value)],
            ExpiresAt = request.Expiry!.ToInstant(Now),
        });
        return new IssuedToken { Token = Record(token, includeRaw: true), Secret = token.Secret! };
    }

    private ApiToken Update(TokenOperation operation, TokenReference reference, UpdateTokenRequest request)
    {
        var token = Known(operation, reference);
        RequireFree(operation, request.Name, request.Key, token);
        token.Name = request.Name ?? token.Name;
        token.Description = request.Description is null ? token.Description : request.Description.Length == 0 ? null : request.Description;
        token.Key = request.Key ?? token.Key;
        token.Scopes = request.Scopes is null ? token.Scopes : [.. request.Scopes.Select(scope => scope.Value)];
        token.ExpiresAt = request.Expiry is null ? token.ExpiresAt : request.Expiry.ToInstant(Now);
        token.UpdatedAt = Now;
        return Record(token, includeRaw: true);
    }

    private IssuedToken Regenerate(TokenReference reference)
    {
        var token = Known(TokenOperation.Regenerate, reference);
        token.Secret = _store.NextSecret();
        token.UpdatedAt = Now;
        return new IssuedToken { Token = Record(token, includeRaw: true), Secret = token.Secret };
    }

    private TokenValidation Validate(TokenReference reference)
    {
        if (Find(reference) is not { } token)
            return new TokenValidation { Verdict = TokenVerdict.Unknown, Reason = "There is no such token." };
        var (verdict, reason) = token switch
        {
            { IsRevoked: true } => (TokenVerdict.Revoked, "The token was revoked."),
            { IsDeactivated: true } => (TokenVerdict.Deactivated, "The token is deactivated."),
            _ when token.IsActive(Now) => (TokenVerdict.Active, null),
            _ => (TokenVerdict.Expired, "The token has expired."),
        };
        return new TokenValidation { Verdict = verdict, Reason = reason, Token = Record(token, includeRaw: true) };
    }

    private TokenRevocation Revoke(TokenReference reference)
    {
        Known(TokenOperation.Revoke, reference).IsRevoked = true;
        return new TokenRevocation { Outcome = RevocationOutcome.Deleted };
    }

    private Task<IReadOnlyList<TokenSuspensionResult>> SwitchAsync(
        TokenOperation operation, IReadOnlyList<TokenReference> references, bool isDeactivated, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(references);
        return CallAsync<IReadOnlyList<TokenSuspensionResult>>(
            new() { Operation = operation, References = references }, [], () => [.. references.Select(Switched)], cancellationToken);

        TokenSuspensionResult Switched(TokenReference reference)
        {
            if (Find(reference) is not { IsRevoked: false } token)
                return new TokenSuspensionResult { Reference = reference, Succeeded = false, Message = "There is no such token." };
            token.IsDeactivated = isDeactivated;
            return new TokenSuspensionResult { Reference = reference, Succeeded = true };
        }
    }
}
