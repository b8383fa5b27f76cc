using System.Diagnostics;
using System.Globalization;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>The server in a separate process.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<ServerProcess> StartAsync()
    {
        var process = OwnProcess.Start("serve", "--port", "0");
        var address = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The server ended before it told its address.");
        return new ServerProcess(process, new Uri(address));
    }

    /// <summary>Gets the number of requests that the server has received.</summary>
    public async Task<int> CountRequestsAsync()
    {
        using var client = new HttpClient();
        return int.Parse(await client.GetStringAsync(At(Server.Requests)), CultureInfo.InvariantCulture);
    }

    public Uri At(string path) => new(Address, path);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
