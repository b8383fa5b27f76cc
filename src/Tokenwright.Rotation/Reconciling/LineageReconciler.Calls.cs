namespace Tokenwright.Rotation;

/// <content>Refers to tokens as the vendor's operations require.</content>
internal sealed partial class LineageReconciler
{
    private TokenReference? ReferenceOf(TokenOperation operation, TokenEntry token, TokenSecret? secret)
        => ReferenceOf(operation, token.Id, token.Key, secret);

    private TokenReference? ReferenceOf(TokenOperation operation, string? id, string? key, TokenSecret? secret)
    {
        var capability = Capabilities[operation];
        var kinds = capability.References;
        return capability.Support == OperationSupport.Unsupported ? null
            : id is not null && secret is not null && kinds.HasFlag(TokenReferenceKinds.IdAndSecret)
            ? TokenReference.ByIdAndSecret(id, secret)
            : operation == TokenOperation.Validate && secret is not null && kinds.HasFlag(TokenReferenceKinds.Secret)
            ? TokenReference.BySecret(secret)
            : id is not null && kinds.HasFlag(TokenReferenceKinds.Id) ? TokenReference.ById(id)
            : key is not null && kinds.HasFlag(TokenReferenceKinds.Key) ? TokenReference.ByKey(key)
            : secret is not null && kinds.HasFlag(TokenReferenceKinds.Secret) ? TokenReference.BySecret(secret)
            : null;
    }

    /// <summary>Validates a token; null if the vendor can't, or if the journal doesn't have what it needs.</summary>
    private async Task<TokenValidation?> ValidateAsync(TokenEntry token)
        => await ValidateAsync(token.Id, token.Key, await UnsealAsync(token).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task<TokenValidation?> ValidateAsync(string? id, string? key, TokenSecret? secret)
        => ReferenceOf(TokenOperation.Validate, id, key, secret) is { } reference
            ? await _client.ValidateAsync(reference, _cancellationToken).ConfigureAwait(false) : null;

    // Some vendors validate a secret alone, and ignore the id. A token with a wrong id would be revoked in place of another one.
    private static string? MismatchOf(string? id, TokenValidation? validation)
        => id is not null && validation?.Token?.Id is { } real && !string.Equals(id, real, StringComparison.OrdinalIgnoreCase)
            ? $"The id '{id}' is not that of the secret, which belongs to the token with the id '{real}'." : null;

    /// <summary>Reads the record of a token; null if the vendor can't, or doesn't have it.</summary>
    private async Task<ApiToken?> RecordOfAsync(string? id, TokenSecret? secret)
    {
        if (ReferenceOf(TokenOperation.Get, id, null, secret) is not { } reference)
            return null;
        try
        {
            return await _client.GetAsync(reference, _cancellationToken).ConfigureAwait(false);
        }
        catch (TokenNotFoundException)
        {
            return null;
        }
    }

    private async Task<TokenSecret?> UnsealAsync(TokenEntry token)
    {
        if (!token.HasSecret || !_sealed.TryGetValue(token.Generation, out var sealedSecret))
            return null;
        try
        {
            return await _context.Sealer.UnsealAsync(sealedSecret, Purpose(token.Generation), _cancellationToken).ConfigureAwait(false);
        }
        catch (System.Security.Cryptography.CryptographicException exception)
        {
            throw new RotationBlockedException(
                Text($"The secret of generation {token.Generation} can't be unsealed. {exception.Message}"), Policy.CheckInterval);
        }
    }
}
