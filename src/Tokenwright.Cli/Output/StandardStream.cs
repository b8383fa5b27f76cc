using System.Runtime.InteropServices;

namespace Tokenwright.Cli.Output;

/// <summary>
/// Represents the standard output or the error output. The framework's own streams don't report that a reader has ended, so that lost
/// output goes unnoticed. This class throws for the standard output. It ignores the failure for the error
/// output, because there is nowhere to report it.
/// </summary>
internal sealed class StandardStream : Stream
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    private readonly int _descriptor;
    private readonly Stream? _windows;

    private StandardStream(int descriptor)
    {
        _descriptor = descriptor;
        if (OperatingSystem.IsWindows())
            _windows = descriptor == StandardOutput ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    /// <summary>Gets the standard output. A failed write throws an <see cref="OutputLostException"/>.</summary>
    public static Stream Out { get; } = new StandardStream(StandardOutput);

    /// <summary>Gets the error output. It never throws.</summary>
    public static Stream Error { get; } = new StandardStream(StandardError);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Calls a function when the reader of the standard output has ended. If the platform can't detect this without writing, it is never
    /// called.
    /// </summary>
    /// <param name="gone">The function, which is called once, on another thread.</param>
    public static void WhenReaderIsGone(Action gone)
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return;
        var watcher = new Thread(() =>
        {
            var output = new PollDescriptor { Descriptor = StandardOutput };
            int ready;
            do
                ready = poll(ref output, 1, -1);
            while (ready < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
            if (ready > 0)
                gone();
        })
        {
            IsBackground = true,
            Name = "Waits for the reader of the output to end",
        };
        watcher.Start();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            if (_windows is not null)
                _windows.Write(buffer);
            else
                WriteAll(buffer);
        }
        catch (Exception) when (_descriptor == StandardError)
        {
            // The exit status still reports it.
        }
        catch (Exception failure)
            when (_windows is not null && failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new OutputLostException($"The output can't be written: {failure.Message}", isReaderGone: false);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void WriteAll(ReadOnlySpan<byte> buffer)
    {
        if (IsClosed)
            throw Closed();
        while (buffer.Length > 0)
        {
            var written = write(_descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == Errno.Again)
                WaitUntilWritable();
            else if (error == Errno.BrokenPipe)
                throw OutputLostException.ReaderGone();
            else if (error == Errno.BadDescriptor)
                throw Closed();
            else if (error != Errno.Interrupted)
                throw new OutputLostException(
                    $"The output can't be written: {Marshal.GetPInvokeErrorMessage(error)}.", isReaderGone: false);
        }
    }

    // Another process with the same terminal or pipe may have made it nonblocking.
    private void WaitUntilWritable()
    {
        var output = new PollDescriptor { Descriptor = _descriptor, Events = PollDescriptor.Writable };
        _ = poll(ref output, 1, -1);
    }

    private static OutputLostException Closed() => new("The standard output is closed, so nothing can be printed.", isReaderGone: false);

    // The runtime soon reuses a closed descriptor for its own purposes: for the reading end of a pipe, which can't be written, or, if the
    // input is closed too, for the writing end of a pipe whose reading end is the input.
    private bool IsClosed => OperatingSystem.IsLinux() && TargetOf(_descriptor) is { } target
        && target.StartsWith("pipe:", StringComparison.Ordinal) && target == TargetOf(StandardInput);

    private static string? TargetOf(int descriptor)
    {
        try
        {
            return new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint write(int descriptor, in byte buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public const short Writable = 4;

        public int Descriptor;
        public short Events;
        public short Happened;
    }

    private static class Errno
    {
        public const int Interrupted = 4;
        public const int BadDescriptor = 9;
        public const int BrokenPipe = 32;

        public static int Again => OperatingSystem.IsMacOS() ? 35 : 11;
    }
}
