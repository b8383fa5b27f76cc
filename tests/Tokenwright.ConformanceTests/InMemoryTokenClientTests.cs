using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>
/// What the in-memory client has beyond a vendor's client: scripted failures, recorded calls, and the capabilities of other vendors.
/// </summary>
internal sealed class InMemoryTokenClientTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task A_scripted_failure_occurs_the_given_number_of_times_and_changes_nothing()
    {
        using var client = Client();
        var failure = new TokenRateLimitedException(
            "Slow down.", new TokenFailure { Vendor = "InMemory", Connection = "in-memory", Operation = TokenOperation.Create });
        client.Fail(TokenOperation.Create, failure, times: 2);

        Assert.That(async () => await CreateAsync(client), Throws.Exception.SameAs(failure));
        Assert.That(async () => await CreateAsync(client), Throws.Exception.SameAs(failure));
        Assert.That(client.Tokens, Is.Empty);
        await CreateAsync(client);
        Assert.That(client.Tokens, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_failure_of_one_operation_does_not_affect_the_others()
    {
        using var client = Client();
        client.Fail(TokenOperation.List, new HttpRequestException("down"));

        await client.GetAsync(TokenReference.Self);
        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.InstanceOf<HttpRequestException>());
        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);
    }

    [Test]
    public async Task A_scripted_delay_is_waited()
    {
        using var client = Client();
        var gate = new TaskCompletionSource();
        client.Hold(TokenOperation.Create, gate.Task);

        var call = CreateAsync(client);
        Assert.That((call.IsCompleted, client.Tokens.Count, client.Calls.Count), Is.EqualTo((false, 0, 1)));
        gate.SetResult();
        await call;

        Assert.That(client.Tokens, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Its_recorded_calls_can_be_asserted()
    {
        using var client = Client();
        var request = new CreateTokenRequest { Name = "a", Expiry = TokenExpiry.Never };
        await client.CreateAsync(request);
        await client.ListAsync(new TokenQuery { PageSize = 1 }).ToListAsync();
        await client.RevokeAsync(TokenReference.ById(client.Tokens[0].Id!));
        Assert.That(async () => await client.CreateAsync(new CreateTokenRequest()), Throws.TypeOf<TokenInvalidRequestException>());

        Assert.That(client.Calls.Select(call => call.Operation),
            Is.EqualTo(new[] { TokenOperation.Create, TokenOperation.List, TokenOperation.Revoke }));
        Assert.That(client.Calls[0].Request, Is.SameAs(request));
        Assert.That(client.Calls[1].Request, Is.EqualTo(new TokenQuery { PageSize = 1 }));
        Assert.That(client.Calls[2].References.Single().Id, Is.EqualTo(client.Tokens[0].Id));
    }

    [Test]
    public async Task Names_are_unique_if_configured()
    {
        using var lenient = Client();
        await CreateAsync(lenient);
        await CreateAsync(lenient);
        Assert.That(lenient.Tokens, Has.Count.EqualTo(2));

        var unique = new TokenCapabilities(InMemoryTokenClientOptions.Everything.Operations) { NamesAreUnique = true };
        using var strict = Client(new InMemoryTokenClientOptions { Capabilities = unique });
        var first = await CreateAsync(strict);
        Assert.That(async () => await CreateAsync(strict), Throws.TypeOf<TokenConflictException>());
        await strict.UpdateAsync(TokenReference.ById(first.Token.Id!), new UpdateTokenRequest { Name = "token" });
        await strict.RevokeAsync(TokenReference.ById(first.Token.Id!));
        await CreateAsync(strict);
    }

    [Test]
    public void A_key_is_unique_always()
    {
        using var client = Client();
        client.Add(new EmulatedToken { Key = "k" });

        Assert.That(async () => await client.CreateAsync(new CreateTokenRequest { Key = "k", Expiry = TokenExpiry.Never }),
            Throws.TypeOf<TokenConflictException>());
    }

    [Test]
    public void It_follows_the_given_capabilities()
    {
        var capabilities = new TokenCapabilities([
            OperationCapability.Native(TokenOperation.Validate) with { References = TokenReferenceKinds.Secret },
            OperationCapability.Unsupported(TokenOperation.List, "There is no list.", "Ask the owners."),
            OperationCapability.Native(TokenOperation.Create),
        ])
        {
            Limits = new() { MinLifetime = TimeSpan.FromMinutes(30), MaxLifetime = TimeSpan.FromDays(1) },
        };
        using var client = Client(new InMemoryTokenClientOptions { Vendor = "Acme", Capabilities = capabilities, TimeProvider = _clock });

        Assert.That(
            () => client.ListAsync(),
            Throws.TypeOf<TokenOperationNotSupportedException>().With.Property("Reason").EqualTo("There is no list.").And.Property(
                "Alternative").EqualTo("Ask the owners.").And.Property("Vendor").EqualTo("Acme"));
        Assert.That(async () => await client.ValidateAsync(TokenReference.Self), Throws.TypeOf<TokenOperationNotSupportedException>());
        Assert.That(client.GetService<ITokenSuspension>(), Is.Null);
        foreach (var minutes in new[] { 29, 24 * 61 })
            Assert.That(async () => await client.CreateAsync(new CreateTokenRequest
                { Expiry = TokenExpiry.After(TimeSpan.FromMinutes(minutes)) }), Throws.TypeOf<TokenInvalidRequestException>());
        Assert.That(client.Calls, Is.Empty);
    }

    [Test]
    public async Task A_client_whose_own_token_no_longer_works_can_only_validate()
    {
        using var client = Client();
        await client.RevokeAsync(TokenReference.Self);

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());
        Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Revoked));
    }

    private InMemoryTokenClient Client(InMemoryTokenClientOptions? options = null)
        => new(options ?? new InMemoryTokenClientOptions { TimeProvider = _clock });

    private static Task<IssuedToken> CreateAsync(InMemoryTokenClient client)
        => client.CreateAsync(new CreateTokenRequest { Name = "token", Expiry = TokenExpiry.Never });
}
