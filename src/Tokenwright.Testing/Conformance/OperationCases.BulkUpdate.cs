namespace Tokenwright.Testing.Conformance;

/// <content>Checks the bulk update.</content>
internal sealed partial class OperationCases
{
    private async Task BulkUpdateAsync(TokenReferenceKinds kind)
    {
        var change = new UpdateTokenRequest { Expiry = TokenExpiry.After(2 * Lifetime) };
        var end = Clock.GetUtcNow() + 2 * Lifetime;
        if (kind == TokenReferenceKinds.Self)
        {
            var own = Issue();
            var result = (await Stage.Open(own).GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync([TokenReference.Self], change))
                .Single();
            Expect.Equal((result.Outcome, own.ExpiresAt), (TokenUpdateOutcome.Updated, (DateTimeOffset?)end));
            return;
        }

        // There are more tokens than any vendor accepts in one request. The missing one is in the last request, which may fail as a whole.
        var kept = Enumerable.Range(0, (Capabilities.Limits.MaxBulkUpdateSize ?? 1) * 2).Select(_ => Issue()).ToList();
        var bystander = Issue();
        var references = kept.Select(token => Reference(kind, token.Id, token.Secret, token.Key)).ToList();
        references.Add(Missing(kind));
        references.Add(references[0]);
        var bulk = Client.GetRequiredService<ITokenBulkUpdate>();

        var results = await bulk.BulkUpdateAsync(references, change);

        Expect.Equal(results.Select(result => result.Reference), references);
        Expect.Equal(results.Select(result => result.Outcome == TokenUpdateOutcome.Updated),
            Enumerable.Range(0, results.Count).Select(index => index != kept.Count));
        Expect.True(results[kept.Count].Failure is not null);
        Expect.True(results.All(result => result.Failure is null == (result.Outcome == TokenUpdateOutcome.Updated)));
        Expect.True(kept.All(token => token.ExpiresAt == end));
        Expect.True(bystander.ExpiresAt != end);
        foreach (var (result, token) in results.Zip(kept))
            AssertShown(result.Token!, token);

        Expect.Equal((await bulk.BulkUpdateAsync([], change)).Count, 0);
        var problems = (TokenInvalidRequestException)(await Expect.Thrown(
            async () => await bulk.BulkUpdateAsync([references[0]], new UpdateTokenRequest { Raw = new object() })))!;
        Expect.True(problems.Problems.Any(problem => problem.Field == nameof(UpdateTokenRequest.Raw)));
    }
}
