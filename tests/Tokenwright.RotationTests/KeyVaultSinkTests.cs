using System.Text.Json.Nodes;
using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

internal sealed class KeyVaultSinkTests
{
    private const string Name = "export";

    private KeyVaultStub _vault = null!;

    [SetUp]
    public void Start() => _vault = new KeyVaultStub();

    [TearDown]
    public void End() => _vault.Dispose();

    // The client asks without a token and without the secret, until the vault has said who issues tokens for it.
    [Test]
    public async Task A_secret_is_sent_only_after_the_vaults_challenge()
    {
        await Sink().WriteAsync(Secret(3));

        Assert.That(_vault.Requests.Select(request => (request.Method, request.Header("Authorization") is not null)),
            Is.EqualTo(new[] { ("GET", false), ("GET", true), ("PUT", true) }));
        Assert.That(_vault.TokenRequests, Is.EqualTo(new[] { "f3a1c2d4-0000-4000-8000-0000000000aa https://vault.azure.net/.default" }));
        Assert.That(_vault.Requests[^1].Path, Is.EqualTo("/secrets/export"));
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(_vault.Requests[^1].Body), JsonNode.Parse(
            """
            {
              "value": "{\"generation\":3,\"id\":\"id-3\",\"secret\":\"secret-3\"}", "contentType": "application/json",
              "tags": { "lineage": "nightly", "generation": "3", "id": "id-3" }
            }
            """)), _vault.Requests[^1].Body);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task What_was_written_is_read_back(bool isText)
    {
        Assert.That(await Sink(isText).ReadBackAsync(), Is.Null, "there is none");
        await Sink(isText).WriteAsync(Secret(1));
        await Sink(isText).WriteAsync(Secret(2));

        var read = (await Sink(isText).ReadBackAsync())!;
        Assert.That((read.Lineage, read.Generation, read.Id, read.Secret.Reveal()), Is.EqualTo(("nightly", 2, "id-2", "secret-2")));
        Assert.That(_vault.Versions[Name].Select(version => version["value"]!.GetValue<string>()), Is.EqualTo(isText
            ? new[] { "secret-1", "secret-2" }
            : ["""{"generation":1,"id":"id-1","secret":"secret-1"}""", """{"generation":2,"id":"id-2","secret":"secret-2"}"""]));
    }

    [Test]
    public async Task A_token_without_an_id_has_no_tag_for_it()
    {
        await Sink().WriteAsync(Secret(1));
        await Sink(isText: true).WriteAsync(new() { Lineage = "nightly", Generation = 2, Secret = new TokenSecret("alone") });

        Assert.That(_vault.Versions[Name][^1]["tags"]!.ToJsonString(), Is.EqualTo("""{"lineage":"nightly","generation":"2"}"""));
        Assert.That((await Sink(isText: true).ReadBackAsync())!.Id, Is.Null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_write_that_is_repeated_makes_no_second_version(bool isText)
    {
        for (var write = 0; write < 3; write++)
            await Sink(isText).WriteAsync(Secret(7));

        Assert.That(_vault.Versions[Name], Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Tags_of_others_stay()
    {
        await Sink().WriteAsync(Secret(1));
        _vault.Versions[Name][0]["tags"]!["owner"] = "payments";
        await Sink().WriteAsync(Secret(2));

        Assert.That(_vault.Versions[Name][1]["tags"]!["owner"]!.GetValue<string>(), Is.EqualTo("payments"));
        Assert.That(_vault.Versions[Name][1]["tags"]!["generation"]!.GetValue<string>(), Is.EqualTo("2"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_secret_that_a_person_wrote_is_not_taken_for_a_generation(bool isText)
    {
        await _vault.Client.SetSecretAsync(Name, "by hand");

        Assert.That(await Sink(isText).ReadBackAsync(), Is.Null);
        await Sink(isText).WriteAsync(Secret(1));
        Assert.That((await Sink(isText).ReadBackAsync())!.Generation, Is.EqualTo(1));
    }

    [TestCase("get", "did not read")]
    [TestCase("set", "did not write")]
    public void A_missing_permission_is_reported(string operation, string message)
    {
        _vault.Forbidden = operation;

        var failure = Assert.ThrowsAsync<IOException>(() => Sink().WriteAsync(Secret(1)))!;

        Assert.That(failure.Message, Is.EqualTo($"Azure Key Vault {message} the secret 'export' of {_vault.Client.VaultUri} (403): " +
            "The user, group or application 'appid=;oid=;iss=https://sts.windows.net/f3a1c2d4-0000-4000-8000-0000000000aa/' does not " +
            $"have secrets {operation} permission on key vault 'tokens;location=uksouth'. For help resolving this issue, please see " +
            "https://go.microsoft.com/fwlink/?linkid=2125287 The identity needs the permissions 'get' and 'set' for secrets, and the " +
            "secret must be enabled."));
        Assert.That(failure.ToString(), Does.Not.Contain("secret-1"));
    }

    [Test]
    public async Task A_deleted_secret_is_reported()
    {
        await Sink().WriteAsync(Secret(1));
        _vault.Deleted.Add(Name);

        Assert.That(async () => await Sink().WriteAsync(Secret(2)), Throws.TypeOf<IOException>().With.Message.Contains("(409)")
            .And.Message.Contains("recover it or purge it"));
        Assert.That(await Sink().ReadBackAsync(), Is.Null);
    }

    [Test]
    public async Task A_vault_that_is_busy_is_asked_again()
    {
        _vault.Faults.Inject(Fault.Status(503), "GET");
        _vault.Faults.Inject(Fault.TooManyRequests(TimeSpan.Zero), "PUT");

        await Sink().WriteAsync(Secret(1));

        Assert.That((await Sink().ReadBackAsync())!.Generation, Is.EqualTo(1));
    }

    [Test]
    public void A_vault_that_does_not_respond_is_reported()
    {
        _vault.Faults.Inject(Fault.Cut().BeforeHandling(), times: 100);

        foreach (var act in new Func<Task>[] { () => Sink().ReadBackAsync(), () => Sink().WriteAsync(Secret(1)) })
        {
            Assert.That(act, Throws.TypeOf<IOException>().With.Message.StartsWith(
                $"Azure Key Vault did not read the secret 'export' of {_vault.Client.VaultUri}: ")
                .And.Message.Not.Contains("Retry failed"));
        }
    }

    [Test]
    public void An_identity_that_gets_no_token_is_reported()
    {
        _vault.Refusal = new InvalidOperationException("The identity's endpoint does not respond.");

        Assert.That(async () => await Sink().WriteAsync(Secret(1)), Throws.TypeOf<IOException>().With.Message.EqualTo(
            $"Azure Key Vault did not read the secret 'export' of {_vault.Client.VaultUri}: The identity's endpoint does not respond."));
    }

    [TestCase("")]
    [TestCase("a_b")]
    [TestCase("a/b")]
    [TestCase("ä")]
    public void A_name_that_the_vault_does_not_take_is_refused(string name)
        => Assert.That(() => new AzureKeyVaultSecretSink(_vault.Client, name), Throws.ArgumentException.With.Message.Contains("127"));

    [Test]
    public async Task Tokens_are_rotated_into_the_vault_and_an_old_journal_is_noticed()
    {
        await using var world = new World(RotationSubject.SailPoint, intervals: []) { Sinks = [Sink()] };
        var first = world.Start();
        await world.SettleAsync(first);
        await world.KillAsync();
        var backup = await File.ReadAllBytesAsync(world.JournalPath);
        for (var generation = 2; generation <= 3; generation++)
        {
            var rotator = world.Start();
            await world.AwaitDueAsync(rotator);
            await world.SettleAsync(rotator, World.IsReplacedAtRest);
            await world.KillAsync();
        }

        await File.WriteAllBytesAsync(world.JournalPath, backup);
        var restored = world.Start();
        var status = await world.SettleAsync(restored, status => World.IsAtRest(status) && status.Generation >= 3);

        Assert.That(status.Evidence.Any(one => one.Text.Contains("The journal is behind", StringComparison.Ordinal)));
        var there = (await Sink().ReadBackAsync())!;
        Assert.That(world.Living.Select(token => (token.Id, token.Secret)), Is.EqualTo(new[] { (there.Id, there.Secret) }));
        Assert.That(_vault.Versions[Name].Select(version => version["tags"]!["generation"]!.GetValue<string>()).Take(3),
            Is.EqualTo(new[] { "1", "2", "3" }));
    }

    private AzureKeyVaultSecretSink Sink(bool isText = false) => new(_vault.Client, Name) { IsText = isText };

    private static RotatedSecret Secret(int generation) => new()
    {
        Lineage = "nightly", Generation = generation, Id = FormattableString.Invariant($"id-{generation}"),
        Secret = new TokenSecret(FormattableString.Invariant($"secret-{generation}")),
    };
}
