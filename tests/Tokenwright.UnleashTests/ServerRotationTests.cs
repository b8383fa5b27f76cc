using System.Net;
using Tokenwright.Rotation;
using Tokenwright.RotationTests.Rotator;
using Unleash.Tokens;

namespace Tokenwright.UnleashTests;

/// <summary>Rotates tokens of the real server, which a program uses meanwhile.</summary>
internal sealed class ServerRotationTests
{
    private const string Lineage = "export";

    private readonly ShiftedClock _clock = new();
    private readonly List<(int Generation, HttpStatusCode Status)> _calls = [];
    private string _folder = null!;
    private HttpClient _http = null!;

    private string SecretPath => Path.Combine(_folder, "secret.json");

    [SetUp]
    public void Begin()
    {
        new ServerStage(UnleashServer.Running, TimeProvider.System).Clear();
        _folder = Directory.CreateTempSubdirectory("tokenwright-unleash-").FullName;
        using var tokens = UnleashServer.Running.Open();
        _http = new HttpClient { BaseAddress = tokens.Metadata.BaseAddress };
        _calls.Clear();
    }

    [TearDown]
    public void End()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_token_is_rotated_while_a_program_uses_it()
    {
        using var client = UnleashServer.Running.Open();
        await using var journal = SqliteRotationJournal.Open(Path.Combine(_folder, "rotation.db"));
        using var rotator = Start(client, journal);

        await SettleAsync(rotator);
        var first = await ReadAsync();
        await rotator.RotateAsync(Lineage);
        var status = await SettleAsync(rotator);

        Assert.That(status.Generation, Is.EqualTo(2));
        Assert.That((await client.ListAsync().ToListAsync()).Select(token => token.Id), Is.EqualTo(new[] { status.TokenId }));
        Assert.That(await CallAsync(first!), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await CallAsync((await ReadAsync())!), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_calls.Select(call => call.Generation).Distinct(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(_calls.Select(call => call.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(status.Evidence.Select(one => one.Text), Has.Some.Contains("app"), "who acknowledged");
    }

    [Test]
    public async Task A_create_whose_response_is_lost_leaves_no_token_behind()
    {
        var creates = 0;
        using var transport = new ServerTransport(() => { }, method => method == HttpMethod.Post && ++creates == 2
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : Task.CompletedTask);
        using var client = UnleashServer.Running.Open(environment: new ConnectionEnvironment { Transport = transport });
        await using var journal = SqliteRotationJournal.Open(Path.Combine(_folder, "rotation.db"));
        using var rotator = Start(client, journal);

        await SettleAsync(rotator);
        await rotator.RotateAsync(Lineage);
        var status = await SettleAsync(rotator);

        Assert.That((creates, status.Generation), Is.EqualTo((3, 3)));
        Assert.That((await client.ListAsync().ToListAsync()).Select(token => token.Id), Is.EqualTo(new[] { status.TokenId }));
        Assert.That(_calls.Select(call => call.Status), Is.All.EqualTo(HttpStatusCode.OK));
    }

    private TokenRotator Start(UnleashTokenClient client, SqliteRotationJournal journal) => new(new TokenRotatorOptions
    {
        Lineages =
        [
            new TokenLineage
            {
                Name = Lineage,
                Connection = "real",
                CreateRequest = name => new() { Name = name, Roles = [new("client")], Scopes = [new("default:development")] },
                Sinks = [new FileSecretSink(SecretPath)],
                Consumers = ["app"],
            },
        ],
        Journal = journal,
        Sealer = SecretSealer.AesGcm(new TokenSecret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")),
        GetClient = _ => client,
        TimeProvider = _clock,
    });

    // The clock moves to what the rotation waits for. The server reads its tokens once a minute; here it is asked to read them at once,
    // after the rotation had to wait for it.
    private async Task<RotationStatus> SettleAsync(TokenRotator rotator)
    {
        for (var round = 0; round < 100; round++)
        {
            await UseAsync();
            await rotator.RunDueAsync();
            await UseAsync();
            var status = await rotator.StatusAsync(Lineage);
            if (status is { Stage: RotationStage.Done, SoughtTokenNames: [], OldGenerations: [], Generation: > 0 })
                return status;
            if (status.Stage == RotationStage.Retiring)
                await UnleashServer.Running.RunAsync("fetchActiveTokens");
            if (status.NextAt - TimeProvider.System.GetUtcNow() is { } ahead && ahead > _clock.Ahead)
                _clock.Ahead = ahead;
        }

        var last = await rotator.StatusAsync(Lineage);
        throw new InvalidOperationException(
            $"It is not at rest: {last}, {last.Attention ?? last.WaitsFor}\n{string.Join('\n', last.Evidence.Select(one => one.Text))}");
    }

    /// <summary>Uses the token that is in the file, as a program does.</summary>
    private async Task UseAsync()
    {
        if (await ReadAsync() is not { } secret)
            return;
        var status = await CallAsync(secret);
        _calls.Add((secret.Generation, status));
        if (status == HttpStatusCode.OK)
            await FileSecretSink.AcknowledgeAsync(SecretPath, "app", secret.Generation);
    }

    private Task<RotatedSecret?> ReadAsync() => new FileSecretSink(SecretPath).ReadBackAsync();

    private async Task<HttpStatusCode> CallAsync(RotatedSecret secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/client/features");
        request.Headers.TryAddWithoutValidation("Authorization", secret.Secret.Reveal());
        using var response = await _http.SendAsync(request);
        return response.StatusCode;
    }
}
