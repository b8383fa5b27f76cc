using System.Globalization;

namespace Tokenwright.Testing.Conformance;

/// <summary>Checks what applies to all calls: concurrency, cancellation, checks before anything is sent, and disposal.</summary>
internal sealed class CallCases(ConformanceSubject subject) : ConformanceRun(subject)
{
    private const int Callers = 64;

    // Only a call that hangs takes this long. It then fails a case instead of blocking the run.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Case]
    public async Task Many_callers_share_a_client()
    {
        var tokens = Enumerable.Range(0, Callers).Select(_ => Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime)).ToList();

        await Task.WhenAll(tokens.Select(token => Task.Run(() => LiveAsync(token))));

        Expect.SameItems(tokens.Where(token => Stage.Tokens.Contains(token) && token.IsActive(Clock.GetUtcNow())),
            Can(TokenOperation.Revoke) ? [] : tokens);
    }

    [Case]
    public async Task Many_callers_create_tokens_of_their_own()
    {
        if (!Can(TokenOperation.Create))
        {
            await AssertRefused(TokenOperation.Create);
            return;
        }

        // The connection's own token can count against the limit of its owner.
        var count = Math.Min(Callers, Capabilities.Limits.TokensPerOwner - 1 ?? Callers);
        var names = Enumerable.Range(0, count).Select(number => $"{Name} {number.ToString(CultureInfo.InvariantCulture)}").ToList();

        var issued = await Task.WhenAll(
            names.Select(name => Task.Run(() => Client.CreateAsync(Subject.Request(name, TokenExpiry.After(Lifetime))))));

        Expect.Equal(issued.Select(token => token.Secret).Distinct().Count(), count);
        Expect.SameItems(issued.Select(token => token.Secret), Stage.Tokens.Select(token => token.Secret!));
        if (Shows(TokenMembers.Name))
            Expect.Equal(issued.Select(token => token.Token.Name), names);
    }

    [Case(From = nameof(Operations))]
    public async Task A_call_that_is_cancelled_before_it_begins_sends_nothing(TokenOperation operation)
    {
        if (!Can(operation))
        {
            await AssertRefused(operation);
            return;
        }

        var token = Issue();
        var requests = Stage.Requests;

        await Expect.Throws<OperationCanceledException>(
            async () => await CallAsync(operation, token, new CancellationToken(canceled: true)));
        Expect.Equal(Stage.Requests, requests);
        await CallAsync(operation, token);
    }

    // The emulator holds each request of the operation in turn, including the exchange of a credential.
    [Case(From = nameof(Operations))]
    public async Task A_call_can_be_cancelled_at_each_of_its_requests(TokenOperation operation)
    {
        if (!Can(operation))
        {
            await AssertRefused(operation);
            return;
        }

        var earlier = Stage.Requests;
        await CallAsync(operation, Issue());
        var requests = Stage.Requests - earlier;
        Expect.True(requests > 0);

        for (var number = 1; number <= requests; number++)
        {
            var token = Issue();
            var (client, reference) = AnyKind(operation) == TokenReferenceKinds.Self
                ? Named(token, TokenReferenceKinds.Self) : (Stage.Open(), Named(token, AnyKind(operation)).Reference);
            var before = Stage.Tokens;
            var held = Stage.Hold(operation, number);
            using var cancellation = new CancellationTokenSource();
            var call = CallAsync(client, operation, reference, cancellation.Token);
            await Task.WhenAny(held, call).WaitAsync(Patience, TimeProvider.System);
            Expect.True(!call.IsCompleted, $"Request {number} of {requests} was not held.");

            var created = Stage.Tokens.Except(before).SingleOrDefault();
            await cancellation.CancelAsync();

            // A token that was already created must be returned, because its secret isn't shown again.
            if (created is not null)
                Expect.Equal((await (Task<IssuedToken>)call).Secret, created.Secret, $"Request {number} of {requests}.");
            else
                await Expect.Throws<OperationCanceledException>(async () => await call, $"Request {number} of {requests}.");
        }
    }

    [Case]
    public async Task A_list_can_be_cancelled_in_the_middle_of_a_page()
    {
        if (!await ListsOrRefuses())
            return;
        Issue();
        Issue();
        using var cancellation = new CancellationTokenSource();
        await using var tokens = Client.ListAsync(cancellationToken: cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        Expect.True(await tokens.MoveNextAsync());

        await cancellation.CancelAsync();

        await Expect.Throws<OperationCanceledException>(async () => await tokens.MoveNextAsync());
    }

    [Case]
    public async Task Missing_arguments_are_refused()
    {
        await Expect.Throws<ArgumentNullException>(async () => await Client.GetAsync(null!));
        await Expect.Throws<ArgumentNullException>(async () => await Client.CreateAsync(null!));
        await Expect.Throws<ArgumentNullException>(async () => await Client.UpdateAsync(TokenReference.Self, null!));
        await Expect.Throws<ArgumentNullException>(() => CallOf(() => Client.GetService(null!)));
        Expect.Equal(Stage.Requests, 0);
    }

    [Case]
    public async Task A_disposed_client_refuses_every_call()
    {
        var suspension = Client.GetService<ITokenSuspension>();
        var bulk = Client.GetService<ITokenBulkUpdate>();
        var list = Can(TokenOperation.List) ? Client.ListAsync() : null;
        var reference = TokenReference.Self;
        Client.Dispose();
        Client.Dispose();

        foreach (var operation in Operations.Except(
            [TokenOperation.Suspend, TokenOperation.Resume, TokenOperation.BulkUpdate]))
            await Expect.Throws<ObjectDisposedException>(async () => await CallAsync(Client, operation, reference), operation.ToString());
        if (list is not null)
        {
            await Expect.Throws<ObjectDisposedException>(async () => await list.ReadAllAsync());
            await Expect.Throws<ObjectDisposedException>(async () => await list.ReadPageAsync());
            await Expect.Throws<ObjectDisposedException>(async () => await list.ToListAsync());
        }

        if (suspension is not null)
        {
            await Expect.Throws<ObjectDisposedException>(async () => await suspension.SuspendAsync([reference]));
            await Expect.Throws<ObjectDisposedException>(async () => await suspension.ResumeAsync([reference]));
        }

        if (bulk is not null)
            await Expect.Throws<ObjectDisposedException>(
                async () => await bulk.BulkUpdateAsync([reference], new UpdateTokenRequest { Expiry = TokenExpiry.Never }));

        // The metadata is still available after disposal.
        Expect.True(!string.IsNullOrEmpty(Client.Metadata.Vendor));
        Expect.True(ReferenceEquals(Client.GetService(Subject.ClientType), Client));
        Expect.Equal(Stage.Requests, 0);
    }

    private async Task LiveAsync(EmulatedToken token)
    {
        Expect.True((await ValidateAsync(token)).IsActive);
        AssertShown(await GetAsync(token), token);
        if (Can(TokenOperation.Update))
            await CallAsync(TokenOperation.Update, token);
        if (Can(TokenOperation.Suspend))
        {
            await CallAsync(TokenOperation.Suspend, token);
            Expect.True(!(await ValidateAsync(token)).IsActive);
            await CallAsync(TokenOperation.Resume, token);
        }

        if (Can(TokenOperation.Regenerate))
            await CallAsync(TokenOperation.Regenerate, token);
        Expect.True((await ValidateAsync(token)).IsActive);
        if (Can(TokenOperation.Revoke))
        {
            await CallAsync(TokenOperation.Revoke, token);
            Expect.True(!(await ValidateAsync(token)).IsActive);
        }
    }
}
