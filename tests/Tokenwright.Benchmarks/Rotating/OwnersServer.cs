using System.Diagnostics;
using System.Globalization;
using Tokenwright.Benchmarks.Workload;
using Tokenwright.RotationTests.Rotator;
using Tokenwright.Testing;

namespace Tokenwright.Benchmarks.Rotating;

/// <summary>The emulator of SailPoint in a process of its own, with many owners who have one token each.</summary>
internal sealed class OwnersServer : IDisposable
{
    private readonly Process _process;

    private OwnersServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Gets the id of an owner's token, with which the owner signs in.</summary>
    public static string IdOf(int owner) => owner.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Gets the secret of an owner's token.</summary>
    public static TokenSecret SecretOf(int owner) => new(owner.ToString("x64", CultureInfo.InvariantCulture));

    /// <summary>
    /// Serves until the standard input is closed. Prints the address first. Each line of the input is the time by which the clock is ahead;
    /// the response to it is the number of requests so far, and the number of tokens.
    /// </summary>
    /// <param name="owners">The number of owners.</param>
    public static async Task RunAsync(int owners)
    {
        var clock = new ShiftedClock();
        using var emulator = new SailPointEmulator(new EmulatorOptions { TimeProvider = clock });
        emulator.Clear();
        for (var owner = 1; owner <= owners; owner++)
            emulator.Add(new() { Id = IdOf(owner), Secret = SecretOf(owner), Name = "connection", OwnerId = IdOf(owner) });
        Console.WriteLine(emulator.BaseAddress);
        while (await Console.In.ReadLineAsync() is { } ahead)
        {
            clock.Ahead = TimeSpan.Parse(ahead, CultureInfo.InvariantCulture);
            Console.WriteLine(FormattableString.Invariant($"{emulator.Requests.Count} {emulator.Tokens.Count}"));
        }
    }

    public static async Task<OwnersServer> StartAsync(int owners)
    {
        var process = OwnProcess.Start("serve-owners", owners.ToString(CultureInfo.InvariantCulture));
        var address = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The server ended before it told its address.");
        return new OwnersServer(process, new Uri(address));
    }

    /// <summary>Sets the server's clock, and gets how many requests it has received, and how many tokens it has.</summary>
    public async Task<(int Requests, int Tokens)> SetClockAsync(TimeSpan ahead)
    {
        await _process.StandardInput.WriteLineAsync(ahead.ToString("c"));
        var counts = (await _process.StandardOutput.ReadLineAsync())!.Split(' ');
        return (int.Parse(counts[0], CultureInfo.InvariantCulture), int.Parse(counts[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
