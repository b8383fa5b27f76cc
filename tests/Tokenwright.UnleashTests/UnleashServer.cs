using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Npgsql;
using Unleash.Tokens;

namespace Tokenwright.UnleashTests;

/// <summary>
/// Represents an Unleash server that nobody here wrote, from npm, with a PostgreSQL of its own. It runs while the tests of this assembly
/// run, and ends with them, however they end.
/// </summary>
[SetUpFixture]
internal sealed class UnleashServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static UnleashServer? _running;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HttpClient _http = new();
    private Process? _process;
    private NpgsqlDataSource? _database;

    /// <summary>Gets the server.</summary>
    public static UnleashServer Running => _running ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Gets the server's database.</summary>
    public NpgsqlDataSource Database => _database!;

    /// <summary>Gets the version that the server reports.</summary>
    public string? Version { get; private set; }

    private Uri Address { get; set; } = null!;

    private TokenSecret Administrator { get; set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var root = typeof(UnleashServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var folder = Path.Combine(root, "tests", "npm", "unleash");
        Assert.That(Path.Combine(folder, "node_modules", "unleash-server"), Does.Exist, "Run tests/npm/unleash/install.");
        _process = Process.Start(new ProcessStartInfo("node", "server.mjs")
            { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var ready = JsonDocument.Parse(await ReadAsync(line => line.StartsWith('{')));
        string Member(string name) => ready.RootElement.GetProperty(name).GetString()!;
        (Address, Administrator, Version) = (new Uri(Member("address")), new TokenSecret(Member("secret")), Member("version"));
        _http.BaseAddress = Address;
        _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
            { Host = Member("folder"), Username = Member("user"), Database = "postgres" });
        _running = this;
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        _running = null;
        _turn.Dispose();
        _http.Dispose();
        _database?.Dispose();
        if (_process is null)
            return;

        // Without input, the server ends PostgreSQL and itself.
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }
    }

    /// <summary>Runs a job now that the server's scheduler runs every few minutes.</summary>
    /// <param name="job">The name of a method of the server's service of API tokens.</param>
    public async Task RunAsync(string job)
    {
        await _turn.WaitAsync();
        try
        {
            await _process!.StandardInput.WriteLineAsync(job);
            await _process.StandardInput.FlushAsync();
            await ReadAsync(line => line == job);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Creates a client of the server.</summary>
    /// <param name="secret">The token that the client uses; null for the administrator's.</param>
    /// <param name="environment">The transport and the clock; null for the defaults.</param>
    /// <param name="settleTime">How long the token of a lost create is looked for; null for the time of the capabilities.</param>
    public UnleashTokenClient Open(
        TokenSecret? secret = null, ConnectionEnvironment? environment = null, TimeSpan? settleTime = null)
    {
        var options = new UnleashOptions
        {
            BaseAddress = Address,
            AccessToken = secret ?? Administrator,
            CreationSettleTime = settleTime,

            // The clock of the suite stands still, so a retry would wait for ever.
            MaxRetries = 0,
        };
        return new UnleashTokenClient("real", options, environment);
    }

    /// <summary>Gets the records of all tokens, in the order in which the server lists them.</summary>
    public IReadOnlyList<JsonElement> ReadTokens()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/admin/api-tokens");
        request.Headers.TryAddWithoutValidation("Authorization", Administrator.Reveal());
        using var response = _http.Send(request).EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(response.Content.ReadAsStream());
        return [.. body.RootElement.Clone().GetProperty("tokens").EnumerateArray()];
    }

    private async Task<string> ReadAsync(Predicate<string> isWanted)
    {
        while (await _process!.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (isWanted(line))
                return line;
        }

        throw new InvalidOperationException("The server has ended; its output says why.");
    }
}
