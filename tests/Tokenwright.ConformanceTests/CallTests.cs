using System.Globalization;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>What holds for all calls alike: concurrency, cancellation, checks before anything is sent, the end of a client.</summary>
internal sealed class CallTests(ConformanceSubject subject) : ConformanceFixture(subject)
{
    private const int Callers = 64;

    // Only what hangs takes so long; it is a failure then, and not the end of the run.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Many_callers_share_a_client()
    {
        var tokens = Enumerable.Range(0, Callers).Select(_ => Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime)).ToList();

        await Task.WhenAll(tokens.Select(token => Task.Run(() => LiveAsync(token))));

        Assert.That(tokens.Where(token => Stage.Tokens.Contains(token) && token.IsActive(Clock.GetUtcNow())), Is.EquivalentTo(Can(TokenOperation.Revoke) ? [] : tokens));
    }

    [Test]
    public async Task Many_callers_create_tokens_of_their_own()
    {
        if (!Can(TokenOperation.Create))
        {
            AssertRefused(TokenOperation.Create);
            return;
        }

        // The connection's own token may be one of those that its owner can have.
        var count = Math.Min(Callers, Card.Limits.TokensPerOwner - 1 ?? Callers);
        var names = Enumerable.Range(0, count).Select(number => $"{Name} {number.ToString(CultureInfo.InvariantCulture)}").ToList();

        var issued = await Task.WhenAll(names.Select(name => Task.Run(() => Client.CreateAsync(Subject.Request(name, TokenExpiry.After(Lifetime))))));

        Assert.That(issued.Select(token => token.Secret), Is.Unique.And.EquivalentTo(Stage.Tokens.Select(token => token.Secret)));
        if (Shows(TokenMembers.Name))
            Assert.That(issued.Select(token => token.Token.Name), Is.EqualTo(names));
    }

    [TestCaseSource(nameof(Operations))]
    public async Task A_call_that_is_cancelled_before_it_begins_sends_nothing(TokenOperation operation)
    {
        if (!Can(operation))
        {
            AssertRefused(operation);
            return;
        }

        var token = Issue();
        var requests = Stage.Requests;

        Assert.That(async () => await CallAsync(operation, token, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Stage.Requests, Is.EqualTo(requests));
        await CallAsync(operation, token);
    }

    // Each request of the operation is held in its turn, the exchange of a credential included.
    [TestCaseSource(nameof(Operations))]
    public async Task A_call_can_be_cancelled_at_each_of_its_requests(TokenOperation operation)
    {
        if (!Can(operation))
        {
            AssertRefused(operation);
            return;
        }

        var earlier = Stage.Requests;
        await CallAsync(operation, Issue());
        var requests = Stage.Requests - earlier;
        Assert.That(requests, Is.Positive);

        for (var number = 1; number <= requests; number++)
        {
            var token = Issue();
            var (client, reference) = AnyKind(operation) == TokenReferenceKinds.Self ? Named(token, TokenReferenceKinds.Self) : (Stage.Open(), Named(token, AnyKind(operation)).Reference);
            var before = Stage.Tokens;
            var held = Stage.Hold(operation, number);
            using var cancellation = new CancellationTokenSource();
            var call = CallAsync(client, operation, reference, cancellation.Token);
            await Task.WhenAny(held, call).WaitAsync(Patience, TimeProvider.System);
            Assert.That(call.IsCompleted, Is.False, $"Request {number} of {requests} was not held.");

            var created = Stage.Tokens.Except(before).SingleOrDefault();
            await cancellation.CancelAsync();

            // A token that was made before is handed out: its secret is not seen again.
            if (created is not null)
                Assert.That((await (Task<IssuedToken>)call).Secret, Is.EqualTo(created.Secret), $"Request {number} of {requests}.");
            else
                Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>(), $"Request {number} of {requests}.");
        }
    }

    [Test]
    public async Task A_list_can_be_cancelled_in_the_middle_of_a_page()
    {
        if (!ListsOrRefuses())
            return;
        Issue();
        Issue();
        using var cancellation = new CancellationTokenSource();
        await using var tokens = Client.ListAsync(cancellationToken: cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.That(await tokens.MoveNextAsync(), Is.True);

        await cancellation.CancelAsync();

        Assert.That(async () => await tokens.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Missing_arguments_are_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(async () => await Client.GetAsync(null!), Throws.ArgumentNullException);
            Assert.That(async () => await Client.CreateAsync(null!), Throws.ArgumentNullException);
            Assert.That(async () => await Client.UpdateAsync(TokenReference.Self, null!), Throws.ArgumentNullException);
            Assert.That(() => Client.GetService(null!), Throws.ArgumentNullException);
            Assert.That(Stage.Requests, Is.Zero);
        }
    }

    [Test]
    public void A_disposed_client_refuses_every_call()
    {
        var suspension = Client.GetService<ITokenSuspension>();
        var paging = Client.GetService<ITokenPaging>()!;
        var reference = TokenReference.Self;
        Client.Dispose();
        Client.Dispose();

        using (Assert.EnterMultipleScope())
        {
            foreach (var operation in Operations.Except([TokenOperation.Suspend, TokenOperation.Resume]))
                Assert.That(async () => await CallAsync(Client, operation, reference), Throws.InstanceOf<ObjectDisposedException>(), operation.ToString());
            Assert.That(async () => await paging.ReadPageAsync(), Throws.InstanceOf<ObjectDisposedException>());
            if (suspension is not null)
            {
                Assert.That(async () => await suspension.SuspendAsync([reference]), Throws.InstanceOf<ObjectDisposedException>());
                Assert.That(async () => await suspension.ResumeAsync([reference]), Throws.InstanceOf<ObjectDisposedException>());
            }

            // What it is and was for can still be asked.
            Assert.That(Client.Metadata.Vendor, Is.Not.Empty);
            Assert.That(Client.GetService(Subject.ClientType), Is.SameAs(Client));
            Assert.That(Stage.Requests, Is.Zero);
        }
    }

    private async Task LiveAsync(EmulatedToken token)
    {
        Assert.That((await ValidateAsync(token)).IsActive, Is.True);
        AssertShown(await GetAsync(token), token);
        if (Can(TokenOperation.Update))
            await CallAsync(TokenOperation.Update, token);
        if (Can(TokenOperation.Suspend))
        {
            await CallAsync(TokenOperation.Suspend, token);
            Assert.That((await ValidateAsync(token)).IsActive, Is.False);
            await CallAsync(TokenOperation.Resume, token);
        }

        if (Can(TokenOperation.Regenerate))
            await CallAsync(TokenOperation.Regenerate, token);
        Assert.That((await ValidateAsync(token)).IsActive, Is.True);
        if (Can(TokenOperation.Revoke))
        {
            await CallAsync(TokenOperation.Revoke, token);
            Assert.That((await ValidateAsync(token)).IsActive, Is.False);
        }
    }
}
