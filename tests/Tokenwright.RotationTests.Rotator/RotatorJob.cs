using System.Globalization;
using Tokenwright.Rotation;
using Tokenwright.SailPoint;

namespace Tokenwright.RotationTests.Rotator;

/// <summary>What a process of the tests does. Processes with the same job share the work.</summary>
public sealed class RotatorJob
{
    /// <summary>The number of lineages that a process works on at the same time.</summary>
    public const int Concurrency = 4;

    private static readonly TokenSecret SealingKey = new("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

    /// <summary>Gets the path of an SQLite journal; null for <see cref="ConnectionString"/>.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Gets the connection string of a PostgreSQL journal.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Gets the schema of a PostgreSQL journal.</summary>
    public string Schema { get; init; } = PostgreSqlRotationJournal.DefaultSchema;

    /// <summary>Gets the lineage that the process only locks; null to rotate.</summary>
    public string? HeldLineage { get; init; }

    /// <summary>Gets the address of the SailPoint emulator.</summary>
    public Uri? Address { get; init; }

    /// <summary>Gets the tokens with which the connections sign in, by id. Each belongs to an owner of its own.</summary>
    public IReadOnlyDictionary<string, string> Credentials { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the number of lineages. The owners take turns, so that neighbours have different owners.</summary>
    public int Lineages { get; init; }

    /// <summary>Gets the directory of the secrets.</summary>
    public string Secrets { get; init; } = string.Empty;

    /// <summary>Opens the journal.</summary>
    public IRotationJournal OpenJournal()
        => JournalPath is not null ? SqliteRotationJournal.Open(JournalPath) : new PostgreSqlRotationJournal(ConnectionString!, Schema);

    /// <summary>Creates the rotator.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">Is called for each event and failure.</param>
    public TokenRotator CreateRotator(IRotationJournal journal, TimeProvider clock, Action<string> log)
    {
        var transport = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        var environment = new ConnectionEnvironment { TimeProvider = clock, Transport = transport };
        var clients = Credentials.ToDictionary(
            credential => credential.Key,
            credential => new SailPointTokenClient(credential.Key, new SailPointOptions
            {
                BaseAddress = Address, ClientId = credential.Key, ClientSecret = new TokenSecret(credential.Value), CallsPerWindow = null,
            }, environment));
        var owners = clients.Keys.Order(StringComparer.Ordinal).ToList();
        return new TokenRotator(new TokenRotatorOptions
        {
            Journal = journal,
            Sealer = SecretSealer.AesGcm(SealingKey),
            GetClient = connection => clients[connection],
            TimeProvider = clock,
            MaxConcurrency = Concurrency,
            LoggerFactory = new LineLogger(log),
            OnEvent = one => log($"{one.Stage} {one.Lineage}"),
            Lineages = [.. Enumerable.Range(0, Lineages).Select(number => new TokenLineage
            {
                Name = NameOf(number),
                Connection = owners[number % owners.Count],
                CreateRequest = name => new CreateTokenRequest { Name = name, Scopes = [new("sp:scopes:default")] },
                Sinks = [new FileSecretSink(PathOf(number))],
            })],
        });
    }

    /// <summary>Gets the name of a lineage.</summary>
    /// <param name="number">Its number.</param>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"lineage{number}");

    /// <summary>Gets the path of a lineage's secret.</summary>
    /// <param name="number">Its number.</param>
    public string PathOf(int number) => Path.Combine(Secrets, NameOf(number) + ".json");
}
