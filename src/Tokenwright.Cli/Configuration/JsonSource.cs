using System.Text;
using System.Text.Json;

namespace Tokenwright.Cli.Configuration;

/// <summary>
/// Reads a JSON file and records the line of every value. Comments and trailing commas are allowed, as in .NET's configuration files.
/// </summary>
internal static class JsonSource
{
    private const int LargestFile = 4 * 1024 * 1024;
    private const int MaxDepth = 16;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Receives the problems of the file.</param>
    /// <returns>The root value; null if the file can't be read.</returns>
    public static JsonElementAt? Read(string path, ConfigProblems problems)
    {
        byte[] bytes;
        try
        {
            if (Directory.Exists(path))
                problems.Add(path, 0, null, "is a folder, not a file.");
            else if (!File.Exists(path))
                problems.Add(path, 0, null, "there is no such file.");
            else if (new FileInfo(path).Length > LargestFile)
                problems.Add(path, 0, null, $"has more than {LargestFile / 1024 / 1024} MiB; is it the right file?");
            if (problems.Any)
                return null;
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(path, 0, null, $"can't be read: {exception.Message}");
            return null;
        }

        return Parse(path, bytes, problems);
    }

    private static JsonElementAt? Parse(string path, byte[] bytes, ConfigProblems problems)
    {
        var text = bytes.AsSpan();
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        if (text.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || text.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]))
        {
            problems.Add(path, 1, null, "is UTF-16; save it as UTF-8.");
            return null;
        }

        var lines = new LineCounter(text.ToArray());
        var reader = new Utf8JsonReader(
            text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read())
                throw new JsonException("It is empty.");
            var root = ReadValue(ref reader, string.Empty, path, lines, problems);
            if (reader.Read())
                problems.Add(path, lines.LineAt(reader.TokenStartIndex), null, "there is text after the end of the JSON document.");
            return root;
        }
        catch (JsonException exception)
        {
            // The reader's message can repeat a part of the file, which may be a secret. The position is enough.
            var what = text.Trim((byte)' ').IsEmpty
                ? "the file is empty." : "this is not JSON: look for a missing comma, quote or bracket here or just before.";
            problems.Add(path, (int)(exception.LineNumber ?? 0) + 1, null, what);
            return null;
        }
        catch (InvalidOperationException)
        {
            problems.Add(path, lines.LineAt(reader.TokenStartIndex), null, "this text is not valid UTF-8.");
            return null;
        }
    }

    private static JsonElementAt ReadValue(ref Utf8JsonReader reader, string path, string file, LineCounter lines, ConfigProblems problems)
    {
        var line = lines.LineAt(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var result = new JsonElementAt { Kind = reader.TokenType, Line = line, Path = path };
                var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var at = lines.LineAt(reader.TokenStartIndex);
                    var memberPath = Join(path, name);
                    reader.Read();
                    var value = ReadValue(ref reader, memberPath, file, lines, problems);
                    if (!seen.TryAdd(name, at))
                        problems.Add(file, at, memberPath, $"occurs here a second time; the first is in line {seen[name]}. Keep one.");
                    else
                        result.Members.Add((name, at, value));
                }

                return result;
            case JsonTokenType.StartArray:
                var list = new JsonElementAt { Kind = reader.TokenType, Line = line, Path = path };
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Items.Add(ReadValue(ref reader,
                        Join(path, list.Items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), file, lines, problems));
                return list;
            case JsonTokenType.String:
                return new() { Kind = reader.TokenType, Line = line, Path = path, Text = reader.GetString() };
            default:
                return new() { Kind = reader.TokenType, Line = line, Path = path,
                    Text = reader.TokenType == JsonTokenType.Null ? null : Encoding.UTF8.GetString(reader.ValueSpan) };
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";

    private sealed class LineCounter(byte[] text)
    {
        private long _position;
        private int _line = 1;

        // Successive calls must pass increasing positions.
        public int LineAt(long position)
        {
            for (; _position < position; _position++)
            {
                if (text[_position] == '\n')
                    _line++;
            }

            return _line;
        }
    }
}
