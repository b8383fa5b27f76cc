using System.Collections.Concurrent;
using System.Text;

namespace Tokenwright.Cli.Configuration;

/// <summary>Creates files that only their owner can read: mode 0600, in folders of mode 0700.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly ConcurrentDictionary<string, bool> Unfinished = new();

    /// <summary>Requires that the folder of a file exists, because a path that the user mistyped must not create folders.</summary>
    /// <exception cref="IOException">The folder doesn't exist.</exception>
    public static string InExistingFolder(string path)
        => Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder)
            ? throw new DirectoryNotFoundException($"There is no folder '{folder}'.") : path;

    /// <summary>Creates the folder of a file, which only its owner can use, if it doesn't exist.</summary>
    public static void CreateFolderOf(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder || Directory.Exists(folder))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Creates a new file for writing. An existing file is never changed.</summary>
    /// <exception cref="IOException">The file exists, or can't be created.</exception>
    public static FileStream Create(string path) => Open(path, FileMode.CreateNew);

    /// <summary>
    /// Creates a new file that is useless until it is complete. If the process is stopped before <see cref="Finish"/>, the file is deleted.
    /// </summary>
    /// <inheritdoc cref="Create" />
    public static FileStream Begin(string path)
    {
        var file = Create(path);
        Unfinished[file.Name] = true;
        return file;
    }

    /// <summary>Closes a file of <see cref="Begin"/>, which is complete and stays, or is deleted.</summary>
    public static void Finish(FileStream file, bool isComplete)
    {
        file.Dispose();
        if (Unfinished.TryRemove(file.Name, out _) && !isComplete)
            File.Delete(file.Name);
    }

    /// <summary>Deletes the files that aren't complete, before the process is stopped.</summary>
    public static void DeleteUnfinished()
    {
        foreach (var path in Unfinished.Keys)
            File.Delete(path);
    }

    /// <summary>Opens a file to append text. Creates the file if it doesn't exist.</summary>
    public static FileStream Append(string path) => Open(path, FileMode.Append);

    /// <summary>Opens a file for reading and writing that no other process of the tool can open. Creates it if it doesn't exist.</summary>
    /// <exception cref="IOException">Another process has opened the file, or the file can't be created.</exception>
    public static FileStream Lock(string path) => Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Replaces a file atomically: readers get the old text or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The new text.</param>
    public static void Replace(string path, string text)
    {
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        var fresh = Begin($"{target}.{Guid.NewGuid():n}.tmp");
        var isComplete = false;
        try
        {
            fresh.Write(Encoding.UTF8.GetBytes(text));
            fresh.Flush(flushToDisk: true);
            fresh.Dispose();
            File.Move(fresh.Name, target, overwrite: true);
            isComplete = true;
        }
        finally
        {
            Finish(fresh, isComplete);
        }
    }

    /// <summary>
    /// Determines whether users other than the owner can read the file. This isn't checked on Windows, where others can't open a user's
    /// folders.
    /// </summary>
    public static bool IsReadableByOthers(string path) => Has(path, UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Determines whether users other than the owner can write the file.</summary>
    public static bool IsWritableByOthers(string path) => Has(path, UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

    private static bool Has(string path, UnixFileMode mode)
        => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others & mode) != 0;

    private static FileStream Open(
        string path, FileMode mode, FileAccess access = FileAccess.Write, FileShare share = FileShare.Read)
    {
        CreateFolderOf(path);

        // There is no buffer, so that data that a full disk refused isn't written again when the file is closed.
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
