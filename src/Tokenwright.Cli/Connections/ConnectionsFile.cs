using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Changes the connections file.</summary>
internal static class ConnectionsFile
{
    private static readonly JsonSerializerOptions Indented = new()
        { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Changes the file, or creates it. Readers get the old file or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="change">Changes the content.</param>
    /// <exception cref="CliException">The file has problems.</exception>
    public static void Change(string path, Action<JsonObject> change)
    {
        var root = new JsonObject { [ConnectionsReader.Root] = new JsonObject() };
        if (File.Exists(path))
        {
            var problems = new ConfigProblems();
            new ConnectionsReader(problems).AddFile(path);
            problems.ThrowIfAny();
            try
            {
                root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            }
            catch (JsonException)
            {
                throw new CliException(
                    $"{path} has comments or trailing commas, which this command would remove. Change the file with an editor.");
            }
        }

        change(root);
        PrivateFile.Replace(path, root.ToJsonString(Indented) + "\n");
    }

    /// <summary>Gets a member that is an object, ignoring case. Creates it if there is none.</summary>
    public static JsonObject Child(JsonObject parent, string name)
    {
        if (parent.FirstOrDefault(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)).Value is JsonObject child)
            return child;
        var made = new JsonObject();
        parent[name] = made;
        return made;
    }
}
