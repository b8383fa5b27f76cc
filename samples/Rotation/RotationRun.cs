using System.Globalization;
using Tokenwright;
using Tokenwright.Rotation;
using Tokenwright.SailPoint;

namespace Rotation;

/// <summary>One run of what is due, as cron would start it: a process of its own, which may be killed at any moment.</summary>
internal static class RotationRun
{
    public const string Lineage = "nightly-export";
    public const string SecretFile = "export.json";
    public const string KeyFile = "sealing.key";
    public const string Next = "next: ";

    public static async Task RunAsync(DateTimeOffset now)
    {
        var clock = new StoryClock { Now = now };
        using var client = new SailPointTokenClient(
            "identity",
            new SailPointOptions
            {
                BaseAddress = new Uri(Environment.GetEnvironmentVariable("SAIL_BASE_URL")!),
                ClientId = Environment.GetEnvironmentVariable("SAIL_CLIENT_ID"),
                ClientSecret = new SecretSource { EnvironmentVariable = "SAIL_CLIENT_SECRET" },
                AttemptTimeout = TimeSpan.FromMinutes(2),
                TotalTimeout = TimeSpan.FromMinutes(5),
            },
            new ConnectionEnvironment { TimeProvider = clock });
        using var journal = SqliteRotationJournal.Open("rotation.db");
        using var rotator = new TokenRotator(new TokenRotatorOptions
        {
            Lineages =
            [
                new TokenLineage
                {
                    Name = Lineage,
                    Connection = "identity",
                    CreateRequest = name => new CreateTokenRequest { Name = name, Scopes = [new("sp:scopes:all")] },
                    Sinks = [new FileSecretSink(SecretFile)],
                    Consumers = ["exporter"],
                    Policy = new RotationPolicy { Lifetime = TimeSpan.FromDays(30) },
                },
            ],
            Journal = journal,
            Sealer = SecretSealer.AesGcm(new SecretSource { File = KeyFile }),
            GetClient = _ => client,
            TimeProvider = clock,
            OnEvent = Tell,
        });
        await rotator.RunDueAsync();
        var status = await rotator.StatusAsync(Lineage);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Next}{status.NextAt:O} {status.Generation} {status.Stage}"));
    }

    private static void Tell(RotationEvent one)
    {
        if (one.NeedsAttention || one.Stage is RotationStage.Minted or RotationStage.Published or RotationStage.Done)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.At:yyyy-MM-dd HH:mm}  {one.Text}"));
    }
}
