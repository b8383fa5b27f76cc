namespace Tokenwright.Adapters;

/// <content>Updates many tokens with few requests.</content>
public abstract partial class TokenClientAdapter
{
    /// <summary>
    /// Updates many tokens in requests of limited size, for adapters that implement <see cref="ITokenBulkUpdate"/>. A failed request is a
    /// result of its tokens, and doesn't stop the others.
    /// </summary>
    /// <param name="references">The tokens. They are checked against the capabilities before anything is sent.</param>
    /// <param name="idOf">Returns the id that the vendor needs. Tokens whose ids differ only in case are updated once.</param>
    /// <param name="size">The maximum number of tokens in one request.</param>
    /// <param name="send">Sends one request, and returns the records that the vendor reports as updated.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>
    /// One result for each reference, in the same order. A token is only reported as updated if its record was returned. If the response
    /// was lost or lacks the record, the outcome is unknown.
    /// </returns>
    protected Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
        IReadOnlyList<TokenReference> references, Func<TokenReference, CancellationToken, ValueTask<string>> idOf, int size,
        Func<IReadOnlyList<string>, OperationContext, Task<IReadOnlyList<ApiToken>>> send, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(idOf);
        ArgumentNullException.ThrowIfNull(send);
        TokenReference[] tokens = [.. references];
        if (Array.IndexOf(tokens, null) is >= 0 and var missing)
            throw new ArgumentException($"The reference at index {missing} is null.", nameof(references));
        return CallAllAsync(TokenOperation.BulkUpdate, tokens, UpdateAllAsync, cancellationToken);

        async Task<IReadOnlyList<TokenBulkUpdateResult>> UpdateAllAsync(OperationContext context)
        {
            var ids = new string[tokens.Length];
            for (var i = 0; i < ids.Length; i++)
                ids[i] = await idOf(tokens[i], context.CancellationToken).ConfigureAwait(false);
            var results = new Dictionary<string, TokenBulkUpdateResult>(StringComparer.OrdinalIgnoreCase);
            foreach (var part in ids.Distinct(StringComparer.OrdinalIgnoreCase).Chunk(size))
                await UpdatePartAsync(part, send, tokens, results, context).ConfigureAwait(false);
            return [.. tokens.Select((reference, i) => Of(reference, results[ids[i]]))];
        }

        static TokenBulkUpdateResult Of(TokenReference reference, TokenBulkUpdateResult result)
            => new() { Reference = reference, Outcome = result.Outcome, Token = result.Token, Failure = result.Failure };
    }

    private async Task UpdatePartAsync(
        string[] ids, Func<IReadOnlyList<string>, OperationContext, Task<IReadOnlyList<ApiToken>>> send, TokenReference[] tokens,
        Dictionary<string, TokenBulkUpdateResult> results, OperationContext outer)
    {
        outer.CancellationToken.ThrowIfCancellationRequested();
        var context = new OperationContext(TokenOperation.BulkUpdate, outer.MayRetry == true, tokens, outer.CancellationToken);
        IReadOnlyList<ApiToken> updated = [];
        var failure = (TokenClientException?)null;
        var isUnknown = true;
        try
        {
            updated = await send(ids, context).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is not OperationCanceledException || !outer.CancellationToken.IsCancellationRequested)
        {
            // An attempt before the last one may have been carried out, too.
            isUnknown = context.Newest is { } sent && (sent.MayHaveArrived || sent.EarlierMayHaveArrived);
            failure = Translate(exception, context);
        }

        foreach (var id in ids)
        {
            var token = updated.FirstOrDefault(token => string.Equals(token.Id, id, StringComparison.OrdinalIgnoreCase));
            results[id] = new()
            {
                Reference = TokenReference.ById(id),
                Outcome = token is not null ? TokenUpdateOutcome.Updated
                    : isUnknown ? TokenUpdateOutcome.Unknown : TokenUpdateOutcome.NotUpdated,
                Token = token,
                Failure = token is not null ? null : failure ?? new TokenInvalidResponseException(
                    Sentence(TokenOperation.BulkUpdate,
                        $"The vendor's response doesn't mention token '{id}', so it isn't known whether it was updated."),
                    Failure(TokenOperation.BulkUpdate)),
            };
        }
    }
}
