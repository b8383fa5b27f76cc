using System.Text;

namespace Tokenwright.Cli.Configuration;

/// <summary>Files that nobody but their owner may read: mode 0600, in folders of mode 0700.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Opens a new file for writing; one that is there already is never touched.</summary>
    /// <exception cref="IOException">There is such a file, or it can't be made.</exception>
    public static FileStream Create(string path) => Open(path, FileMode.CreateNew);

    /// <summary>Opens a file to write behind what it holds; makes it if it isn't there.</summary>
    public static FileStream Append(string path) => Open(path, FileMode.Append);

    /// <summary>Replaces a file as a whole: readers see the old text or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">The new text.</param>
    /// <param name="check">Looks at the new file before it takes the place of the old one, and throws if it mustn't; null for
    /// nothing.</param>
    public static void Replace(string path, string text, Action<string>? check = null)
    {
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        var fresh = $"{target}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var stream = Create(fresh))
                stream.Write(Encoding.UTF8.GetBytes(text));
            check?.Invoke(fresh);
            File.Move(fresh, target, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>
    /// Determines whether others than the owner may read the file. Not known on Windows, whose folders of a user are closed to others.
    /// </summary>
    public static bool IsReadableByOthers(string path) => Has(path, UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Determines whether others than the owner may write the file.</summary>
    public static bool IsWritableByOthers(string path) => Has(path, UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

    private static bool Has(string path, UnixFileMode mode)
        => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others & mode) != 0;

    private static FileStream Open(string path, FileMode mode)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        // Without a buffer: what a full disk didn't take is not tried again when the file is closed.
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
