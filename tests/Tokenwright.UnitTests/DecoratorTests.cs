namespace Tokenwright.UnitTests;

internal sealed class DecoratorTests
{
    [Test]
    public async Task The_first_decorator_added_is_outermost()
    {
        var calls = new List<string>();
        using var client = new TokenClientBuilder(new Innermost(calls))
            .Use(inner => new Named(inner, "first", calls))
            .Use(inner => new Named(inner, "second", calls))
            .Build();

        await client.GetAsync(TokenReference.Self);

        Assert.That(calls, Is.EqualTo(new[] { "first", "second", "innermost" }));
    }

    [Test]
    public void A_decorator_that_returns_null_is_named_in_the_error()
        => Assert.That(() => new TokenClientBuilder(new Innermost([])).Use(_ => null!).Build(), Throws.InvalidOperationException);

    [Test]
    public async Task A_delegating_client_passes_everything_on()
    {
        var calls = new List<string>();
        var inner = new Innermost(calls);
        using ITokenClient client = new Named(inner, "", []);

        Assert.That(client.Metadata, Is.SameAs(inner.Metadata));
        Assert.That(client.ListAsync(), Is.Null);
        await client.GetAsync(TokenReference.Self);
        await client.CreateAsync(new CreateTokenRequest());
        await client.UpdateAsync(TokenReference.Self, new UpdateTokenRequest());
        await client.RegenerateAsync(TokenReference.Self);
        await client.ValidateAsync(TokenReference.Self);
        await client.RevokeAsync(TokenReference.Self);
        Assert.That(client.GetService(typeof(Innermost)), Is.SameAs(inner));
        Assert.That(client.GetService(typeof(Named)), Is.SameAs(client));
        client.Dispose();

        Assert.That(calls, Is.EqualTo(new[] { "list", "innermost", "create", "update", "regenerate", "validate", "revoke", "dispose" }));
    }

    private sealed class Named(ITokenClient inner, string name, List<string> calls) : DelegatingTokenClient(inner)
    {
        public override Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default)
        {
            calls.Add(name);
            return base.GetAsync(reference, cancellationToken);
        }
    }

    private sealed class Innermost(List<string> calls) : ITokenClient
    {
        public TokenClientMetadata Metadata { get; } =
            new() { Vendor = "V", Connection = "c", BaseAddress = new("https://v.example"), Capabilities = new([]) };

        public AsyncTokenList ListAsync(TokenQuery? query, CancellationToken cancellationToken) => Called<AsyncTokenList>("list");

        public Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken) => CalledAsync<ApiToken>("innermost");

        public Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken)
            => CalledAsync<IssuedToken>("create");

        public Task<ApiToken> UpdateAsync(TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken)
            => CalledAsync<ApiToken>("update");

        public Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken)
            => CalledAsync<IssuedToken>("regenerate");

        public Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken)
            => CalledAsync<TokenValidation>("validate");

        public Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken)
            => CalledAsync<TokenRevocation>("revoke");

        public object? GetService(Type serviceType, object? serviceKey) => serviceType == typeof(Innermost) ? this : null;

        public void Dispose() => Called<object>("dispose");

        private T Called<T>(string call)
        {
            if (!calls.Contains(call))
                calls.Add(call);
            return default!;
        }

        private Task<T> CalledAsync<T>(string call) => Task.FromResult(Called<T>(call));
    }
}
