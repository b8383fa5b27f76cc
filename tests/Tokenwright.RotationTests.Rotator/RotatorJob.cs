using Microsoft.Extensions.Configuration;
using Tokenwright.Rotation;

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

    /// <summary>Gets the vendor's name.</summary>
    public string Vendor { get; init; } = "SailPoint";

    /// <summary>Gets the settings of the connections, by the names of the connections.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Connections { get; init; }
        = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Gets the lineages.</summary>
    public IReadOnlyList<RotatorLineage> Lineages { get; init; } = [];

    /// <summary>Gets the names of the consumers that acknowledge, of each lineage.</summary>
    public IReadOnlyList<string> Consumers { get; init; } = [];

    /// <summary>Gets the scopes of a new token.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["sp:scopes:default"];

    /// <summary>Gets the roles of a new token.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Gets whether a new token has its name as its description, because it has no name.</summary>
    public bool IsDescribed { get; init; }

    /// <summary>Gets the id token with which the vendor creates tokens; null if it needs none.</summary>
    public string? IdToken { get; init; }

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
        var clients = Connections.ToDictionary(one => one.Key, one => Connect(one.Key, one.Value, environment));
        return new TokenRotator(new TokenRotatorOptions
        {
            Journal = journal,
            Sealer = SecretSealer.AesGcm(SealingKey),
            GetClient = connection => clients[connection],
            TimeProvider = clock,
            MaxConcurrency = Concurrency,
            LoggerFactory = new LineLogger(log),
            OnEvent = one => log($"{one.Stage} {one.Lineage}"),
            Lineages = [.. Lineages.Select(lineage => new TokenLineage
            {
                Name = lineage.Name,
                Connection = lineage.Connection,
                CreateRequest = name => new CreateTokenRequest
                {
                    Name = IsDescribed ? null : name,
                    Description = IsDescribed ? name : null,
                    Scopes = [.. Scopes.Select(scope => new TokenScope(scope))],
                    Roles = [.. Roles.Select(role => new TokenRole(role))],
                },
                Sinks = [new FileSecretSink(lineage.Path)],
                Consumers = Consumers,
                ReadIdToken = IdToken is null ? null : _ => new(new TokenSecret(IdToken)),
            })],
        });
    }

    private ITokenClient Connect(string name, IReadOnlyDictionary<string, string> settings, ConnectionEnvironment environment)
    {
        var vendor = TokenVendors.Find(Vendor)!;
        var options = vendor.CreateOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings!).Build().Bind(options);
        options.CallsPerWindow = null;
        return vendor.CreateClient(name, options, environment);
    }
}
