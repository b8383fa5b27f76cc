using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tokenwright.CliTests;

/// <summary>A pseudo-terminal: the tool runs on one end, the test reads and types at the other.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const nuint SetWindowSize = 0x5414;
    private const int LocalFlags = 3;
    private const uint Echo = 8;
    private const uint Canonical = 2;
    private readonly FileStream _master;
    private readonly StringBuilder _screen = new();
    private int _seen;
    private readonly Process _process;
    private readonly Task _reading;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts the tool on a new terminal.</summary>
    public PseudoTerminal(Workplace workplace, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var handle = posix_openpt(ReadWrite | NoControllingTerminal);
        if (handle < 0 || grantpt(handle) != 0 || unlockpt(handle) != 0)
            Assert.Ignore("There are no pseudo-terminals here.");
        ushort[] size = [50, 140, 0, 0];
        _ = ioctl(handle, SetWindowSize, size);
        var name = Marshal.PtrToStringUTF8(ptsname(handle))!;
        _master = new FileStream(new SafeFileHandle(handle, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);

        // The shell opens the terminal, and then the tool replaces the shell. It is the tool's controlling terminal, as that of a user.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "t=$1; shift; exec setsid -c \"$@\" <\"$t\" >\"$t\" 2>\"$t\"", "sh", name,
            InstalledTool.Path, .. arguments]) { WorkingDirectory = workplace.Folder };
        foreach (var (variable, value) in workplace.Variables(environment))
            start.Environment[variable] = value;
        _process = Process.Start(start)!;
        _reading = Task.Run(Read);
    }

    /// <summary>Gets everything that was written to the terminal.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
                return _screen.ToString();
        }
    }

    /// <summary>Waits until the terminal shows a text.</summary>
    public async Task SeesAsync(string text) => await SeesAsync(text, 0);

    /// <summary>Waits until the terminal shows a text after the one that was waited for before.</summary>
    public async Task SeesNextAsync(string text) => _seen = await SeesAsync(text, _seen);

    private async Task<int> SeesAsync(string text, int from)
    {
        while (true)
        {
            Task more;
            lock (_screen)
            {
                if (_screen.ToString().IndexOf(text, from, StringComparison.Ordinal) is >= 0 and var at)
                    return at + text.Length;
                more = _more.Task;
            }

            if (_reading.IsCompleted)
                Assert.Fail($"'{text}' never came:\n{Screen}");
            await Task.WhenAny(more, _reading).WaitAsync(TestContext.CurrentContext.CancellationToken);
        }
    }

    /// <summary>Types a line.</summary>
    public void Type(string line) => _master.Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Presses Ctrl-C.</summary>
    public void Interrupt() => _master.WriteByte(3);

    /// <summary>Sends the tool a signal.</summary>
    /// <param name="name">Its name: TERM, HUP.</param>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Gets whether the terminal shows what is typed, as a shell expects it.</summary>
    public bool Echoes
    {
        get
        {
            var settings = new uint[16];
            Assert.That(tcgetattr((int)_master.SafeFileHandle.DangerousGetHandle(), settings), Is.Zero);
            return (settings[LocalFlags] & (Echo | Canonical)) == (Echo | Canonical);
        }
    }

    /// <summary>Waits until the tool exits.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _master.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[4096];
        var decoder = Encoding.UTF8.GetDecoder();
        var characters = new char[buffer.Length];
        try
        {
            while (_master.Read(buffer) is > 0 and var count)
            {
                lock (_screen)
                {
                    _screen.Append(characters, 0, decoder.GetChars(buffer.AsSpan(0, count), characters, flush: false));
                    _more.TrySetResult();
                    _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
        catch (IOException)
        {
            // The other end is closed, so the tool has exited.
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint ptsname(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int handle, [Out] uint[] settings);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int handle, nuint request, [In] ushort[] size);
}
