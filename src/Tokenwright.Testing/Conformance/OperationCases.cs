namespace Tokenwright.Testing.Conformance;

/// <summary>
/// Checks every operation by every kind of reference. A supported operation must work on the vendor's tokens, and an unsupported one must
/// be refused before anything is sent.
/// </summary>
internal sealed partial class OperationCases(ConformanceSubject subject) : ConformanceRun(subject)
{
    private static readonly object[][] Everything =
    [
        .. from operation in Operations
           from kind in operation is TokenOperation.List or TokenOperation.Create ? [TokenReferenceKinds.None] : Kinds
           select new object[] { operation, kind },
    ];

    [Case(From = nameof(Everything))]
    public async Task An_operation_works_or_is_refused_as_the_capabilities_say(TokenOperation operation, TokenReferenceKinds kind)
    {
        if (!Can(operation, kind))
        {
            await AssertRefused(operation, kind);
            return;
        }

        await (operation switch
        {
            TokenOperation.List => ListAsync(),
            TokenOperation.Get => GetAsync(kind),
            TokenOperation.Create => CreateAsync(),
            TokenOperation.Update => UpdateAsync(kind),
            TokenOperation.Regenerate => RegenerateAsync(kind),
            TokenOperation.Validate => ValidateAsync(kind),
            TokenOperation.Revoke => RevokeAsync(kind),
            TokenOperation.BulkUpdate => BulkUpdateAsync(kind),
            _ => SwitchAsync(operation, kind),
        });
    }

    [Case]
    public Task The_capabilities_explains_what_is_not_native()
    {
        foreach (var capability in Capabilities.Operations.Where(capability => capability.Support != OperationSupport.Native))
            Expect.True(!string.IsNullOrEmpty(capability.Remark), capability.Operation.ToString());
        foreach (var capability in Capabilities.Operations.Where(capability => capability.Support == OperationSupport.Unsupported))
            Expect.Equal(capability.References, TokenReferenceKinds.None, capability.Operation.ToString());
        Expect.Equal(Can(TokenOperation.Create), Capabilities.CreationRecovery != CreationRecovery.None);
        Expect.Equal(Capabilities.CreationRecovery is CreationRecovery.Recoverable or CreationRecovery.FindAndRevoke,
            Capabilities.CreationSettleTime is not null);
        if (Capabilities.LastUsedGranularity is not null)
            Expect.True(Shows(TokenMembers.LastUsedAt));
        return Task.CompletedTask;
    }

    // The client converts an expiry to the vendor's form, whatever its time zone.
    [Case]
    public async Task A_token_ends_at_the_instant_that_was_asked_for_whatever_its_zone()
    {
        if (!Can(TokenOperation.Create))
        {
            await AssertRefused(TokenOperation.Create);
            return;
        }

        var end = (Clock.GetUtcNow() + Lifetime).ToOffset(new TimeSpan(5, 30, 0));
        Expect.Equal(Capabilities.TokensCanExpire, Shows(TokenMembers.ExpiresAt));
        if (!Shows(TokenMembers.ExpiresAt))
        {
            await AssertProblems(() => Client.CreateAsync(new CreateTokenRequest { Expiry = TokenExpiry.At(end) }),
                fields => fields.Contains(nameof(CreateTokenRequest.Expiry)));
            return;
        }

        var issued = await Client.CreateAsync(Subject.Request(Name, TokenExpiry.At(end)));

        Expect.Equal(Kept(issued).ExpiresAt, end);
        Expect.Equal((issued.Token.ExpiresAt, issued.Token.ExpiresAt?.Offset), (end, TimeSpan.Zero));
    }

    [Case]
    public async Task An_end_can_be_taken_away_by_name()
    {
        if (!Can(TokenOperation.Update))
        {
            await AssertRefused(TokenOperation.Update);
            return;
        }

        if (!Changes(TokenMembers.ExpiresAt))
            return; // Another case checks that all unsupported changes are refused.
        var kept = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime);
        var (client, reference) = Named(kept, AnyKind(TokenOperation.Update));

        var shown = await client.UpdateAsync(reference, new UpdateTokenRequest { Expiry = TokenExpiry.Never });

        Expect.Equal((kept.ExpiresAt, shown.ExpiresAt, shown.NeverExpires), ((DateTimeOffset?)null, (DateTimeOffset?)null, true));
    }

    [Case]
    public async Task All_faults_of_a_new_token_are_told_at_once_and_nothing_is_sent()
    {
        if (!Can(TokenOperation.Create))
        {
            await AssertRefused(TokenOperation.Create);
            return;
        }

        var (request, fields) = Subject.Wrong;
        var identity = new CreateTokenRequest(Subject.Request(Name, TokenExpiry.After(Lifetime)))
            { IdToken = Capabilities.RequiresIdToken ? null : new TokenSecret("id.to.ken") };

        await AssertProblems(() => Client.CreateAsync(request), told => told.Order().SequenceEqual(fields.Order()));
        await AssertProblems(() => Client.CreateAsync(identity), told => told.SequenceEqual([nameof(CreateTokenRequest.IdToken)]));
    }

    [Case]
    public async Task What_cannot_be_changed_is_told_at_once_and_nothing_is_sent()
    {
        if (!Can(TokenOperation.Update))
        {
            await AssertRefused(TokenOperation.Update);
            return;
        }

        var request = new UpdateTokenRequest
        {
            Name = Name,
            Description = Changes(TokenMembers.Description) ? null : "no place for it",
            Key = Changes(TokenMembers.Key) ? null : "no place for it",
            Scopes = Changes(TokenMembers.Scopes) ? null : [new("no place for it")],
            Expiry = TokenExpiry.At(Clock.GetUtcNow()),
            Raw = new object(),
        };
        var fields = new[]
        {
            request.Description is null ? null : nameof(request.Description), request.Key is null ? null : nameof(request.Key),
                request.Scopes is null ? null : nameof(request.Scopes),
            nameof(request.Expiry), nameof(request.Raw),
        };

        var (client, reference) = Named(Issue(), AnyKind(TokenOperation.Update));
        await AssertProblems(
            () => client.UpdateAsync(reference, request), told => told.Order().SequenceEqual(fields.OfType<string>().Order()));
    }

    private async Task ListAsync()
    {
        var kept = new[] { Issue(), Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime), Issue() };

        var shown = await Client.ListAsync().ReadAllAsync();

        Expect.Equal(shown.Count, kept.Length);
        foreach (var (record, token) in shown.Zip(Stage.Tokens))
            AssertShown(record, token);
    }

    private async Task GetAsync(TokenReferenceKinds kind)
    {
        Issue();
        var kept = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime);
        Issue();
        var (client, reference) = Named(kept, kind);

        var shown = await client.GetAsync(reference);

        AssertShown(shown, kept);
        Expect.Equal(shown.State, TokenState.Active);
        await AssertMissing(TokenOperation.Get, kind, token => client.GetAsync(token));
    }

    private async Task CreateAsync()
    {
        var others = new[] { Issue() };
        var request = Subject.Request(Name, TokenExpiry.After(Lifetime));

        var issued = await Client.CreateAsync(request);

        var kept = Kept(issued);
        Expect.Equal(Stage.Tokens.Except(others), new[] { kept });
        AssertIssued(issued, kept);
        Expect.Equal(kept.Name, request.Name);
        Expect.Equal(kept.Description, request.Description);
        Expect.Equal(kept.Key, request.Key);
        Expect.Equal(kept.ExpiresAt, request.Expiry?.ToInstant(Clock.GetUtcNow()));
        if (request.Scopes is not null)
            Expect.Equal(kept.Scopes, request.Scopes.Select(scope => scope.Value));
        if (request.Roles is not null)
            Expect.Equal(kept.Roles, request.Roles.Select(role => role.Value));

        await AssertVerdict(TokenFate.Active, kept, AnyKind(TokenOperation.Validate));
        await AssertVerdict(TokenFate.Active, kept, TokenReferenceKinds.Self);
    }

    private async Task UpdateAsync(TokenReferenceKinds kind)
    {
        var other = Issue();
        var kept = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime);
        var (name, secret) = (other.Name, kept.Secret!);
        var (client, reference) = Named(kept, kind);
        var change = new UpdateTokenRequest
        {
            Name = Changes(TokenMembers.Name) ? "deploy server" : null,
            Description = Changes(TokenMembers.Description) ? "changed by a test" : null,
            Scopes = Changes(TokenMembers.Scopes) ? [new("changed:scope")] : null,
            Expiry = Changes(TokenMembers.ExpiresAt) ? TokenExpiry.After(2 * Lifetime) : null,
        };

        var shown = await client.UpdateAsync(reference, change);

        Expect.Equal(kept.Name, change.Name ?? kept.Name);
        Expect.Equal(kept.Description, change.Description ?? kept.Description);
        Expect.Equal(kept.Scopes, change.Scopes?.Select(scope => scope.Value) ?? kept.Scopes);
        Expect.Equal(kept.ExpiresAt, Clock.GetUtcNow() + (change.Expiry is null ? Lifetime : 2 * Lifetime));
        Expect.Equal(other.Name, name);

        AssertShown(shown, kept);
        await AssertSecret(TokenFate.Active, kept, secret);
        if (Changes(TokenMembers.Key))
        {
            // The key is changed last, because the reference may contain it.
            Expect.Equal((await client.UpdateAsync(reference, new UpdateTokenRequest { Key = "changed-key" })).Key, "changed-key");
            Expect.Equal(kept.Key, "changed-key");
        }

        await AssertMissing(TokenOperation.Update, kind, token => client.UpdateAsync(token, change));
    }

    private async Task RegenerateAsync(TokenReferenceKinds kind)
    {
        var kept = Issue();
        var old = kept.Secret!;
        var (client, reference) = Named(kept, kind);

        var issued = await client.RegenerateAsync(reference);

        AssertShown(issued.Token, kept);
        Expect.Equal(issued.Secret, kept.Secret);
        Expect.True(!issued.Secret.Equals(old));
        await AssertVerdict(TokenFate.Active, kept, AnyKind(TokenOperation.Validate));
        await AssertVerdict(TokenFate.Active, kept, TokenReferenceKinds.Self);
        await AssertSecret(TokenFate.Active, kept, issued.Secret);
        await AssertSecret(TokenFate.Regenerated, kept, old);
        if (kind != TokenReferenceKinds.Self)
            await AssertMissing(TokenOperation.Regenerate, kind, token => client.RegenerateAsync(token));
    }

    private async Task ValidateAsync(TokenReferenceKinds kind)
    {
        var kept = Issue();
        await AssertVerdict(TokenFate.Active, kept, kind);
        await EndAsync(kept);
        await AssertVerdict(TokenFate.Revoked, kept, kind);

        if (Can(TokenOperation.Suspend))
        {
            kept = Issue(token => token.IsDeactivated = true);
            await AssertVerdict(TokenFate.Deactivated, kept, kind);
        }

        if (Shows(TokenMembers.ExpiresAt))
        {
            kept = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime);
            Clock.Advance(Lifetime - TimeSpan.FromSeconds(1));
            await AssertVerdict(TokenFate.Active, kept, kind);
            Clock.Advance(TimeSpan.FromSeconds(1));
            await AssertVerdict(TokenFate.Expired, kept, kind);
        }

        if (kind is TokenReferenceKinds.Secret or TokenReferenceKinds.IdAndSecret)
        {
            var validation = await Client.ValidateAsync(Reference(kind, kept.Id, new TokenSecret("never-issued"), null));
            Expect.Equal((validation.Verdict, validation.IsActive), (Subject.VerdictOf(TokenFate.NeverIssued), false));
        }
    }

    private async Task RevokeAsync(TokenReferenceKinds kind)
    {
        var other = Issue();
        var kept = Issue();
        var (client, reference) = Named(kept, kind);

        var revocation = await client.RevokeAsync(reference);

        Expect.Equal(revocation.Outcome, Subject.Revocation);
        Expect.True(IsDead(kept));
        Expect.True(!IsDead(other));
        await AssertVerdict(TokenFate.Revoked, kept, AnyKind(TokenOperation.Validate));
        await AssertVerdict(TokenFate.Revoked, kept, TokenReferenceKinds.Self);
        await AssertVerdict(TokenFate.Active, other, AnyKind(TokenOperation.Validate));
        if (kind == TokenReferenceKinds.Self)
            return;
        await AssertMissing(TokenOperation.Revoke, kind, token => client.RevokeAsync(token));

        // An operation that is safe to retry may find that its work is already done, but must have no other effect.
        if (Capabilities[TokenOperation.Revoke].SafeToRetry)
            Expect.True(await Expect.Thrown(() => client.RevokeAsync(reference)) is null or TokenNotFoundException);
    }

    private async Task SwitchAsync(TokenOperation operation, TokenReferenceKinds kind)
    {
        if (kind == TokenReferenceKinds.Self)
        {
            await SwitchItselfAsync(operation);
            return;
        }

        // There are more tokens than any vendor accepts in one request, so that they must be split, and one of them fails.
        const int Unknown = 20;
        var off = operation == TokenOperation.Suspend;
        var kept = Enumerable.Range(0, 31).Select(_ => Issue(token => token.IsDeactivated = !off)).ToList();
        var bystander = Issue(token => token.IsDeactivated = !off);
        var references = kept.Select(token => Reference(kind, token.Id, token.Secret, token.Key)).ToList();
        references.Insert(Unknown, Missing(kind));
        var suspension = Client.GetRequiredService<ITokenSuspension>();

        var results = off ? await suspension.SuspendAsync(references) : await suspension.ResumeAsync(references);

        Expect.Equal(results.Select(result => result.Reference), references);
        Expect.Equal(results.Select(result => result.Succeeded), Enumerable.Range(0, results.Count).Select(index => index != Unknown));
        Expect.True(!string.IsNullOrEmpty(results[Unknown].Message));
        Expect.True(kept.All(token => token.IsDeactivated == off));
        Expect.Equal(bystander.IsDeactivated, !off);

        await AssertVerdict(off ? TokenFate.Deactivated : TokenFate.Active, kept[0], AnyKind(TokenOperation.Validate));
    }

    // A token that activates itself must be able to authenticate while it is deactivated.
    private async Task SwitchItselfAsync(TokenOperation operation)
    {
        var kept = Issue();
        var suspension = Stage.Open(kept).GetRequiredService<ITokenSuspension>();

        Expect.True((await suspension.SuspendAsync([TokenReference.Self])).Single().Succeeded);
        Expect.True(kept.IsDeactivated);
        if (operation == TokenOperation.Suspend)
            return;
        Expect.True((await suspension.ResumeAsync([TokenReference.Self])).Single().Succeeded);
        Expect.True(!kept.IsDeactivated);
    }

    private bool Changes(TokenMembers member) => Subject.Changeable.HasFlag(member);

    private bool IsDead(EmulatedToken token) => !Stage.Tokens.Contains(token) || !token.IsActive(Clock.GetUtcNow());

    // Uses the vendor's own operation if the client supports it.
    private async Task EndAsync(EmulatedToken token)
    {
        if (Can(TokenOperation.Revoke))
            await CallAsync(TokenOperation.Revoke, token);
        else
            token.IsRevoked = true;
    }

    private TokenReference Missing(TokenReferenceKinds kind)
    {
        // The token has the vendor's form, but no longer exists.
        var missing = Issue();
        Stage.Remove(missing);
        return Reference(kind, missing.Id, missing.Secret, missing.Key);
    }

    private async Task AssertMissing(TokenOperation operation, TokenReferenceKinds kind, Func<TokenReference, Task> call)
    {
        if (kind != TokenReferenceKinds.Self)
            Expect.OfType(await Expect.Thrown(() => call(Missing(kind))), Subject.MissingOf(operation, kind));
    }

    private async Task AssertVerdict(TokenFate fate, EmulatedToken token, TokenReferenceKinds kind)
    {
        var (client, reference) = Named(token, kind);
        var validation = await client.ValidateAsync(reference);
        Expect.Equal((validation.Verdict, validation.IsActive), (Subject.VerdictOf(fate), fate == TokenFate.Active),
            $"{fate}, by {kind}: {validation.Reason}");
    }

    // The secret need not be the token's current one.
    private async Task AssertSecret(TokenFate fate, EmulatedToken token, TokenSecret secret)
    {
        var kind = Kinds.First(
            kind => kind is TokenReferenceKinds.Secret or TokenReferenceKinds.IdAndSecret && Can(TokenOperation.Validate, kind));
        Expect.Equal((await Client.ValidateAsync(Reference(kind, token.Id, secret, null))).Verdict, Subject.VerdictOf(fate));
    }
}
