using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Tokenwright.RotationTests;

/// <summary>
/// A PostgreSQL server from Debian's package, in a temporary directory, which nothing else can reach. It ends with the process of the
/// tests, however that ends.
/// </summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Versions = "/usr/lib/postgresql";
    private const string User = "rotator";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("tokenwright-postgresql-").FullName;
    private Process? _server;

    /// <summary>Gets the connection string of its only user.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
        { Host = _directory, Username = User, Database = "postgres", IncludeErrorDetail = true }.ConnectionString;

    /// <summary>Starts a server. The tests of the fixture are left out where there is none, unless they are asked for.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        if (FindPrograms() is not { } programs)
        {
            const string Missing = $"PostgreSQL's server is not on this machine: there is no initdb in {Versions}/*/bin. On Debian, " +
                "\"apt-get install postgresql\" brings it.";
            Assert.That(Environment.GetEnvironmentVariable("TOKENWRIGHT_SERVER_TESTS"), Is.Not.EqualTo("1"), Missing);
            Assert.Ignore(Missing);
            throw new InvalidOperationException(Missing);
        }

        var server = new PostgreSqlServer();
        try
        {
            await server.StartAsync(programs);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The first value of the first row; null if there is none.</returns>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            // SIGKILL would leave its shared memory behind.
            using (var quit = Process.Start("kill", ["-QUIT", _server.Id.ToString(CultureInfo.InvariantCulture)]))
                await quit.WaitForExitAsync();
            await _server.WaitForExitAsync().WaitAsync(Patience);
            _server.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    // The commands of Debian's package are not in the path.
    private static string? FindPrograms()
        => Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions)
                .OrderByDescending(version => double.TryParse(
                    Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;

    private async Task StartAsync(string programs)
    {
        // It refuses to run as root.
        var user = Array.Empty<string>();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "nobody", _directory);
            user = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"];
        }

        var data = Path.Combine(_directory, "data");
        await RunAsync("setpriv", [.. user, Path.Combine(programs, "initdb"), "-D", data, "-U", User, "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync"]);
        _server = Process.Start(new ProcessStartInfo("setpriv", [.. user, "--pdeathsig", "QUIT", Path.Combine(programs, "postgres"),
            "-D", data, "-k", _directory, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "log_min_messages=fatal"])
            { WorkingDirectory = "/", RedirectStandardError = true })!;
        _server.ErrorDataReceived += (_, line) => TestContext.Progress.WriteLine(line.Data);
        _server.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await ScalarAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!limit.IsCancellationRequested && !_server.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
            { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{error}");
    }
}
