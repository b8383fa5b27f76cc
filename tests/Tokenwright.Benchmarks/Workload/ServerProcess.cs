using System.Diagnostics;

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

    public Uri At(string path) => new(Address, path);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
