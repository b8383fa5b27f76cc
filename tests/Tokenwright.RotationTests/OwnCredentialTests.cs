using System.Text.Json;
using System.Web;
using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

/// <summary>The token that the connection itself uses is replaced while it runs.</summary>
internal sealed class OwnCredentialTests
{
    private const string TokenEndpoint = "/oauth/token";

    // What the token must be allowed at the vendor, so that it can issue its successor.
    private static IEnumerable<RotationSubject> Subjects =>
    [
        RotationSubject.SailPoint, RotationSubject.Fimidara,
        RotationSubject.Xms with { CreateRequest = name => new() { Name = name, Roles = [new("admin")] } },
        RotationSubject.ExtremeCloudIQ with { CreateRequest = name => new() { Description = name, Scopes = [new("auth"), new("logout")] } },
    ];

    [TestCaseSource(nameof(Subjects))]
    public async Task The_running_connection_uses_the_new_token_before_the_old_one_is_revoked(object subject)
    {
        await using var world = new World((RotationSubject)subject, intervals: []) { IsConnectionCredential = true };
        IssuedToken first;
        using (var person = world.Connect())
            first = await person.CreateAsync(new(world.Subject.CreateRequest("own"))
                { Expiry = person.Metadata.Capabilities.TokensCanExpire ? TokenExpiry.At(world.Clock.GetUtcNow().AddDays(90)) : null });

        // The connection reads a copy, so that the test decides when it changes.
        var sink = new FileSecretSink(world.SecretPath);
        world.OwnSecretFile = Path.Combine(world.Directory, "used.json");
        await sink.WriteAsync(new() { Lineage = World.Lineage, Generation = 1, Id = first.Token.Id, Secret = first.Secret });
        File.Copy(world.SecretPath, world.OwnSecretFile);
        var current = (await sink.ReadBackAsync())!;
        using (var adopting = world.Start())
            await adopting.AdoptAsync(World.Lineage, first.Token.Id, first.Secret);
        await world.KillAsync();

        // Each time in a process of its own.
        for (var generation = 2; generation <= 3; generation++)
        {
            var calls = new Calls();
            using var rotator = world.Start(new Freezer { OnResponse = calls.AddAsync });
            await world.AwaitDueAsync(rotator);
            await rotator.RunDueAsync();
            var old = current;
            current = (await sink.ReadBackAsync())!;
            Assert.That(current.Generation, Is.EqualTo(generation));
            Assert.That(calls.All.Where(call => call.Credential == NameOf(old)), Is.Not.Empty);
            world.Clock.Advance(TimeSpan.FromDays(5));
            await rotator.RunDueAsync();

            var waiting = await rotator.StatusAsync(World.Lineage);
            Assert.That(waiting.WaitsFor, Is.EqualTo($"The connection 'lab' does not use generation {generation} yet."));
            Assert.That(await world.WorksAsync(old), "it is not revoked");
            File.Copy(world.SecretPath, world.OwnSecretFile, overwrite: true);
            var changed = calls.All.Count;
            var status = await world.SettleAsync(rotator, status => World.IsAtRest(status) && status.Generation == generation);

            var after = calls.All.Skip(changed).ToList();
            var revoked = after.FindIndex(call => call.Method == "DELETE" || call.Path == "/logout");
            Assert.That(after[0].Credential, Is.EqualTo(NameOf(current)), "the next request");
            Assert.That(revoked, Is.Positive, string.Join(Environment.NewLine, after));
            Assert.That(calls.All.Take(changed + revoked + 1).Where(call => call.Status >= 400), Is.Empty, "no request is refused");

            // Such a refusal can be about the token that is validated.
            Assert.That(after.Where(call => call.Credential == NameOf(current) && call.Status is 401 or 403)
                .Where(call => !call.Path.EndsWith(":validate", StringComparison.Ordinal)), Is.Empty);
            Assert.That(await world.WorksAsync(old), Is.False);
            Assert.That(status.Evidence.Select(one => one.Text), Has.Some.StartsWith($"Generation {generation - 1} is dead"));
            await world.KillAsync();
        }

        string NameOf(RotatedSecret secret) => world.Subject.Name == RotationSubject.SailPoint.Name ? secret.Id! : secret.Secret.Reveal();
    }

    /// <summary>The calls of a connection: with which credential, and the status of the response.</summary>
    private sealed class Calls
    {
        // SailPoint's calls carry an access token, which is exchanged for the id and secret.
        private readonly Dictionary<string, string> _exchanged = [];

        public List<(string Method, string Path, string Credential, int Status)> All { get; } = [];

        public async Task AddAsync(HttpRequestMessage request, HttpResponseMessage response)
        {
            var path = request.RequestUri!.AbsolutePath;
            var credential = request.Headers.Authorization?.Parameter
                ?? (request.Headers.TryGetValues("Xms-Auth-Token", out var values) ? values.Single() : string.Empty);
            if (path == TokenEndpoint)
            {
                credential = HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync())["client_id"]!;
                if (response.IsSuccessStatusCode)
                {
                    using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                    _exchanged[body.RootElement.GetProperty("access_token").GetString()!] = credential;
                }
            }

            All.Add((request.Method.Method, path, _exchanged.GetValueOrDefault(credential, credential), (int)response.StatusCode));
        }
    }
}
