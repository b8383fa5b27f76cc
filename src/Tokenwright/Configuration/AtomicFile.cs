using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Tokenwright;

/// <summary>
/// Replaces a file as a whole: a temporary file beside it that only the owner can read, flushed to the disk, renamed, and the directory
/// flushed to the disk.
/// </summary>
/// <param name="path">The path of the file.</param>
/// <param name="onStep">Is called before each step, with its name; null for nothing.</param>
internal sealed class AtomicFile(string path, Func<string, Task>? onStep = null)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task WriteAsync(byte[] content, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);

        // A symbolic link stays one: what it points to is replaced.
        var file = new FileInfo(full);
        if (file.LinkTarget is not null)
            full = file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var directory = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no directory '{directory}'.");
        var temporary = Path.Combine(directory, TemporaryName(Path.GetFileName(full)));
        try
        {
            await StepAsync("create").ConfigureAwait(false);
            DeleteLeftOver(directory, Path.GetFileName(full));
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            var stream = new FileStream(temporary, options);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                await StepAsync("flush").ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            await StepAsync("rename").ConfigureAwait(false);
            File.Move(temporary, full, overwrite: true);
            await StepAsync("flush directory").ConfigureAwait(false);
            FlushDirectory(directory);
            await StepAsync("written").ConfigureAwait(false);
        }
        catch (Exception)
        {
            File.Delete(temporary);
            throw;
        }
    }

    private Task StepAsync(string name) => onStep?.Invoke(name) ?? Task.CompletedTask;

    private static string TemporaryName(string name) => $".{name}.{Guid.NewGuid():N}.tmp";

    // What a crash left behind can contain a secret.
    private static void DeleteLeftOver(string directory, string name)
    {
        foreach (var temporary in Directory.EnumerateFiles(directory, $".{name}.*.tmp"))
        {
            // Another file's name can begin with this one's name.
            if (Path.GetFileName(temporary.AsSpan()).Length == TemporaryName(name).Length)
                File.Delete(temporary);
        }
    }

    // The new name survives a loss of power only when the directory is on the disk too. The framework opens no directories. Windows has no
    // such call, and needs none.
    private static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open([.. Encoding.UTF8.GetBytes(directory), 0], 0);
        if (descriptor < 0)
            throw Failure(directory);
        var isFlushed = Flush(descriptor) == 0;
        var failure = Failure(directory);
        _ = Close(descriptor);
        if (!isFlushed)
            throw failure;
    }

    private static IOException Failure(string directory)
        => new($"The directory '{directory}' can't be flushed to the disk: " +
            new Win32Exception(Marshal.GetLastPInvokeError()).Message);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
