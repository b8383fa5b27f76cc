using System.Text.RegularExpressions;

namespace Tokenwright.Testing.Conformance;

/// <summary>Checks what the capabilities promise about expiries, names, keys and the quota.</summary>
internal sealed class LimitCases(ConformanceSubject subject) : ConformanceRun(subject)
{
    // Names and keys in which programs put a version, a place or a time.
    private static readonly string[] Texts =
        ["ci-deploy", "ci.deploy", "ci/deploy", "CI deploy #7", "déploiement", "1@ci_deploy", "ci:2026-11-30T20:00", "a+b", "x"];

    [Case]
    public async Task The_expiry_of_a_token_changes_only_if_the_capabilities_say_so()
    {
        Expect.Equal(Capabilities.ExpiryCanBeChanged, Subject.Changeable.HasFlag(TokenMembers.ExpiresAt));
        if (!Can(TokenOperation.Update))
        {
            Expect.True(!Capabilities.ExpiryCanBeChanged);
            await AssertRefused(TokenOperation.Update);
            return;
        }

        var kept = Issue(token => token.ExpiresAt = Shows(TokenMembers.ExpiresAt) ? Clock.GetUtcNow() + Lifetime : null);
        var (client, reference) = Named(kept, AnyKind(TokenOperation.Update));
        var end = Clock.GetUtcNow() + (2 * Lifetime);
        var change = new UpdateTokenRequest { Expiry = TokenExpiry.At(end) };
        if (!Capabilities.ExpiryCanBeChanged)
        {
            await AssertProblems(() => client.UpdateAsync(reference, change), fields => fields.Contains(nameof(UpdateTokenRequest.Expiry)));
            return;
        }

        Expect.Equal((await client.UpdateAsync(reference, change)).ExpiresAt, end);
        Expect.Equal(kept.ExpiresAt, end);
    }

    [Case]
    public async Task A_second_token_of_the_same_name_is_refused_only_if_the_capabilities_say_so()
    {
        if (await CannotCreateAsync())
            return;
        await CreateAsync(Name);

        var refusal = await Expect.Thrown(() => CreateAsync(Name));

        Expect.Equal(refusal is TokenClientException, Capabilities.NamesAreUnique, refusal?.Message);
        Expect.Equal(Stage.Tokens.Count, Capabilities.NamesAreUnique ? 1 : 2);
    }

    [Case]
    public async Task Names_are_accepted_as_the_limits_say()
    {
        if (await CannotCreateAsync())
            return;
        foreach (var name in Accepted(Capabilities.Limits.MaxNameLength, Capabilities.Limits.NamePattern))
            Expect.Equal(Kept(await CreateAsync(name)).Name, name);
        if (Capabilities.Limits.MaxNameLength is { } longest)
            await AssertProblems(
                () => CreateAsync(new string('n', longest + 1)), fields => fields.Contains(nameof(CreateTokenRequest.Name)));
    }

    [Case]
    public async Task Keys_are_accepted_and_found_as_the_limits_say()
    {
        if (await CannotCreateAsync())
            return;
        foreach (var key in Accepted(Capabilities.Limits.MaxKeyLength, Capabilities.Limits.KeyPattern))
        {
            var kept = Kept(await CreateAsync($"{Name} {Next()}", key));
            Expect.Equal(kept.Key, key);
            if (Can(TokenOperation.Get, TokenReferenceKinds.Key))
                Expect.Equal((await Client.GetAsync(TokenReference.ByKey(key))).Id, kept.Id);
        }

        if (Capabilities.Limits.MaxKeyLength is { } longest)
            await AssertProblems(
                () => CreateAsync(Name, new string('k', longest + 1)), fields => fields.Contains(nameof(CreateTokenRequest.Key)));
    }

    // A vendor without a documented quota has nothing to check.
    [Case]
    public async Task A_revoked_token_counts_against_the_quota_only_if_the_capabilities_say_so()
    {
        if (!Can(TokenOperation.Revoke) || await CannotCreateAsync()
            || Capabilities is not { Limits.TokensPerOwner: { } most, RevokedTokensCountAgainstQuota: { } counts })
            return;
        var created = new List<EmulatedToken>();
        while (created.Count < most)
            created.Add(Kept(await CreateAsync($"{Name} {Next()}")));
        Expect.True(await Expect.Thrown(() => CreateAsync($"{Name} {Next()}")) is TokenClientException);

        await CallAsync(TokenOperation.Revoke, created[0]);

        var refusal = await Expect.Thrown(() => CreateAsync($"{Name} {Next()}"));
        Expect.Equal(refusal is TokenClientException, counts, refusal?.Message);
    }

    // The first call makes the client exchange its token, if the vendor has an exchange.
    [Case]
    public async Task What_was_exchanged_for_a_token_outlives_it_no_longer_than_the_capabilities_say()
    {
        if (!Can(TokenOperation.Revoke) || !Can(TokenOperation.List) || Capabilities.ExchangedCredentialLifetime is not { } longest)
            return;
        var kept = Issue();
        var client = Stage.Open(kept);

        try
        {
            await client.ListAsync().ReadAllAsync();
        }
        catch (TokenPermissionException) when (longest == TimeSpan.Zero)
        {
            // Nothing is exchanged, and the tokens that are issued are for other endpoints than those of the client.
            return;
        }

        await CallAsync(TokenOperation.Revoke, kept);

        Clock.Advance(longest);

        Expect.True(await Expect.Thrown(() => client.ListAsync().ReadAllAsync()) is TokenClientException);
    }

    private static IEnumerable<string> Accepted(int? longest, string? pattern)
        => longest is null && pattern is null ? [] : Texts.Append(new string('n', longest ?? 1)).Where(text =>
            !(text.Length > longest) && (pattern is null || Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))));

    private async Task<bool> CannotCreateAsync()
    {
        if (!Can(TokenOperation.Create))
            await AssertRefused(TokenOperation.Create);
        return !Can(TokenOperation.Create);
    }

    private Task<IssuedToken> CreateAsync(string name, string? key = null)
    {
        var request = Subject.Request(name, TokenExpiry.After(Lifetime));
        return Client.CreateAsync(new CreateTokenRequest(request) { Key = key ?? request.Key });
    }
}
