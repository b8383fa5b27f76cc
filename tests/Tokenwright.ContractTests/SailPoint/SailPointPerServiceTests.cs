using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the SailPoint adapter sends to the per-service form of the API.</summary>
internal sealed class SailPointPerServiceTests : SailPointFixture
{
    private const string Path = "/personal-access-tokens/v1";
    private static readonly (string, string) JsonPatch = ("Content-Type", "application/json-patch+json");

    [Test]
    public async Task Every_operation_is_sent_to_the_path_of_the_form()
    {
        Respond("GET", Path, """[{"id":"x","expirationDate":null}]""");
        Respond("POST", Path, """{"id":"x","secret":"s-1","name":"n"}""");
        Respond("PATCH", $"{Path}/*", """{"id":"x"}""");
        _vendor.On("DELETE", $"{Path}/*", VendorResponse.Empty(204));
        using var client = Client("v1");

        var listed = (await client.ListAsync(new TokenQuery { OwnOnly = true }).ToListAsync()).Single();
        await client.CreateAsync(new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never });
        await client.UpdateAsync(TokenReference.ById("a/b"), new UpdateTokenRequest { Expiry = TokenExpiry.Never });
        await client.RevokeAsync(TokenReference.ById("a/b"));

        Assert.That(listed.NeverExpires, Is.True);
        Sent.Exactly(_vendor.Requests[1], "GET", $"{Path}?owner-id=me", null, AcceptJson, Bearer);
        Sent.Exactly(
            _vendor.Requests[2], "POST", Path, """{"name":"n","userAwareTokenNeverExpires":true}""", AcceptJson, Bearer, Json);
        Sent.Exactly(
            _vendor.Requests[3], "PATCH", $"{Path}/a%2Fb",
            """[{"op":"remove","path":"/expirationDate"},{"op":"replace","path":"/userAwareTokenNeverExpires","value":true}]""",
            AcceptJson, Bearer, JsonPatch);
        Sent.Exactly(_vendor.Requests[4], "DELETE", $"{Path}/a%2Fb", null, Bearer);
    }

    [Test]
    public async Task A_configuration_selects_the_form()
    {
        Respond("GET", Path, "[]");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["BaseAddress"] = _vendor.BaseAddress.ToString(), ["ClientId"] = "pat-id", ["ClientSecret"] = "hush", ["ApiVersion"] = "v1",
        }).Build();
        var services = new ServiceCollection();
        services.AddTokenwright().AddSailPoint("prod", configuration);
        using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("prod");

        await client.ListAsync().ToListAsync();

        Assert.That(_vendor.Requests[1].Path, Is.EqualTo(Path));
        Assert.That(client.GetService<ITokenBulkUpdate>(), Is.SameAs(client));
    }

    [Test]
    public void Only_the_form_has_the_bulk_update()
    {
        using var client = Client("v1");

        Assert.That(client, Is.InstanceOf<ITokenBulkUpdate>());
        Assert.That(client.Metadata.Capabilities.Limits.MaxBulkUpdateSize, Is.EqualTo(25));
        Assert.That(_client, Is.Not.InstanceOf<ITokenBulkUpdate>());
        Assert.That(_client.Metadata.Capabilities.Limits.MaxBulkUpdateSize, Is.Null);
        Assert.That(() => _client.GetRequiredService<ITokenBulkUpdate>(),
            Throws.TypeOf<TokenOperationNotSupportedException>().With.Message.Contains("Set ApiVersion to v1"));
    }
}
