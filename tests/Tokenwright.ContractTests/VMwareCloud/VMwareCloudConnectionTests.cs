using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>The options and capabilities of a connection to VMware Cloud Services.</summary>
internal sealed class VMwareCloudConnectionTests : VMwareCloudFixture
{
    private static readonly TestCaseData[] Unsupported =
    [
        Call("list", TokenOperation.List, client => client.ListAsync().ToListAsync()),
        Call("get by id", TokenOperation.Get, client => client.GetAsync(TokenReference.ById("x"))),
        Call("get by key", TokenOperation.Get, client => client.GetAsync(TokenReference.ByKey("x"))),
        Call("get by id and secret", TokenOperation.Get,
            client => client.GetAsync(TokenReference.ByIdAndSecret("x", new TokenSecret("hush")))),
        Call("validate by id", TokenOperation.Validate, client => client.ValidateAsync(TokenReference.ById("x"))),
        Call("validate by id and secret", TokenOperation.Validate,
            client => client.ValidateAsync(TokenReference.ByIdAndSecret("x", new TokenSecret("hush")))),
        Call("update", TokenOperation.Update,
            client => client.UpdateAsync(TokenReference.ById("x"), new UpdateTokenRequest { Name = "y" })),
        Call("regenerate", TokenOperation.Regenerate, client => client.RegenerateAsync(TokenReference.Self)),
        Call("revoke by key", TokenOperation.Revoke, client => client.RevokeAsync(TokenReference.ByKey("x"))),
        Call("revoke by id and secret", TokenOperation.Revoke,
            client => client.RevokeAsync(TokenReference.ByIdAndSecret("x", new TokenSecret("hush")))),
        Call("suspend by key", TokenOperation.Suspend,
            client => ((ITokenSuspension)client).SuspendAsync([TokenReference.ById("x"), TokenReference.ByKey("x")])),
        Call("resume itself", TokenOperation.Resume, client => ((ITokenSuspension)client).ResumeAsync([TokenReference.Self])),
        Call("resume by id and secret", TokenOperation.Resume,
            client => ((ITokenSuspension)client).ResumeAsync([TokenReference.ByIdAndSecret("x", new TokenSecret("hush"))])),
    ];

    [TestCaseSource(nameof(Unsupported))]
    public void An_unsupported_call_is_refused_before_anything_is_sent(TokenOperation operation, Func<ITokenClient, Task> call)
    {
        var exception = Assert.ThrowsAsync<TokenOperationNotSupportedException>(() => call(_client))!;

        Assert.That((exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("VMwareCloud", "prod", operation)));
        Assert.That(exception.Reason, Is.Not.Empty);
        Assert.That(exception.Alternative, Is.Not.Null.And.Not.Empty);
        Assert.That(exception.ToString(), Does.Contain(exception.Reason).And.Not.Contain("hush"));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void The_capabilities_match_the_vendor()
    {
        var capabilities = _client.Metadata.Capabilities;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                capabilities.Operations.Where(operation => operation.Support != OperationSupport.Unsupported)
                    .Select(operation => (operation.Operation, operation.Support, operation.References, operation.SafeToRetry)),
                Is.EqualTo(new[]
                {
                    (TokenOperation.Get, OperationSupport.Native, TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Create, OperationSupport.Native, TokenReferenceKinds.None, false),
                    (TokenOperation.Validate, OperationSupport.Emulated, TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Revoke, OperationSupport.Emulated,
                        TokenReferenceKinds.Id | TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Suspend, OperationSupport.Native,
                        TokenReferenceKinds.Id | TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Resume, OperationSupport.Native, TokenReferenceKinds.Id | TokenReferenceKinds.Secret, true),
                }));
            Assert.That(capabilities[TokenOperation.List].Alternative, Does.Contain("BySecret"));
            Assert.That(capabilities[TokenOperation.Regenerate].Remark, Does.Contain("console"));
            Assert.That(capabilities[TokenOperation.Create].Remark, Does.Contain("identity token").And.Contain("without Id and Raw"));
            Assert.That(capabilities[TokenOperation.Revoke].Remark, Does.Contain("deactivated"));
            Assert.That(_client.GetService(typeof(ITokenSuspension)), Is.SameAs(_client));
            Assert.That((capabilities.Limits.TokensPerOwner, capabilities.Limits.MinLifetime, capabilities.Limits.MaxLifetime),
                Is.EqualTo((50, TimeSpan.FromMinutes(30), TimeSpan.FromDays(1827))));
            Assert.That(capabilities.CreationRecovery, Is.EqualTo(CreationRecovery.BoundedByExpiry));
        }
    }

    [Test]
    public void Options_have_the_vendors_address_and_require_a_token()
    {
        Assert.That(new VMwareCloudOptions().BaseAddress, Is.EqualTo(new Uri("https://console.cloud.vmware.com")));
        Assert.That(
            () => new VMwareCloudTokenClient("prod", new VMwareCloudOptions()),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("ApiToken is missing").And.Message.Contains("prod"));
    }

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IVMwareCloudApiClient)), Is.InstanceOf<VMwareCloudApiClient>());

    [Test]
    public async Task The_emulator_knows_its_own_token_and_the_documents_example()
    {
        using var emulator = new VMwareCloudEmulator(new() { TimeProvider = _clock });
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddTokenwright()
            .AddVMwareCloud("lab", new ConfigurationBuilder().AddInMemoryCollection(emulator.ConnectionSettings!).Build());
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        var own = await client.GetAsync(TokenReference.Self);
        var documented = await client.GetAsync(TokenReference.BySecret(VMwareCloudEmulator.DocumentedToken));
        var user = await ((IVMwareCloudApiClient)client.GetService(typeof(IVMwareCloudApiClient))!).GetLoggedInUserAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((own.Connection, own.Name, own.State), Is.EqualTo(("lab", "build server", TokenState.Active)));
            Assert.That(own.CreatedAt, Is.EqualTo(_clock.GetUtcNow().AddDays(-60)));
            Assert.That(own.ExpiresAt, Is.EqualTo(_clock.GetUtcNow().AddDays(120)));
            Assert.That(own.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "openid", "csp:org_member" }));
            Assert.That(own.Owner!.Id, Is.EqualTo(user.UserId));
            Assert.That((documented.Id, documented.Name, documented.CreatedAt), Is.EqualTo(("string", "string", (DateTimeOffset?)null)));
            Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Active));
            Assert.That((await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("nobody's")))).Verdict,
                Is.EqualTo(TokenVerdict.Unknown));
            Assert.That(
                () => client.GetAsync(TokenReference.BySecret(new TokenSecret("nobody's"))), Throws.TypeOf<TokenNotFoundException>());
        }
    }

    [Test]
    public async Task The_emulator_serves_the_documents_example()
    {
        using var emulator = new VMwareCloudEmulator(new() { TimeProvider = _clock });
        using var http = new HttpClient { BaseAddress = emulator.BaseAddress };
        using var question = new StringContent("""{"tokenValue":"string"}""");

        using var response = await http.PostAsync(new Uri(Details, UriKind.Relative), question);

        var record = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        Assert.That(JsonNode.DeepEquals(record, DocumentedRecord), Is.True, $"{record}");
    }

    [Test]
    public void The_emulator_refuses_unknown_tokens_and_paths()
    {
        using var emulator = new VMwareCloudEmulator(new() { TimeProvider = _clock });
        using var wrong = new VMwareCloudTokenClient("lab", new VMwareCloudOptions
            { BaseAddress = emulator.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("wrong-token-value") },
                new() { TimeProvider = _clock });
        using var http = new HttpClient { BaseAddress = emulator.BaseAddress };

        var refused =
            Assert.CatchAsync(() => ((IVMwareCloudApiClient)wrong.GetService(typeof(IVMwareCloudApiClient))!).GetLoggedInUserAsync())!;
        var unauthenticated = Assert.CatchAsync<ApiException>(() => new VMwareCloudApiClient(http).GetLoggedInUserAsync())!;

        Assert.That(((ApiException)refused.InnerException!).Response,
            Does.Contain("invalid_grant: Invalid refresh token: xxxx...value").And.Not.Contain("wrong-token-value"));
        Assert.That(unauthenticated.StatusCode, Is.EqualTo(401));
    }

    private static TestCaseData Call(string name, TokenOperation operation, Func<ITokenClient, Task> call)
        => new TestCaseData(operation, call).SetArgDisplayNames(name);
}
