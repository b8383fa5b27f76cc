using System.Text;
using System.Text.Json;

namespace Tokenwright.FuzzTests.Mutation;

/// <summary>
/// JSON whose names and leaves are raw text, so that it can contain what JSON libraries don't write: a duplicate name, a lone surrogate, a
/// number of any length, or invalid JSON.
/// </summary>
internal sealed class JsonTree
{
    private JsonTree(JsonValueKind kind, string raw, List<(string Name, JsonTree Value)> children)
    {
        Kind = kind;
        Raw = raw;
        Children = children;
    }

    /// <summary>Gets the kind: object, array, or the original kind of the leaf.</summary>
    public JsonValueKind Kind { get; private set; }

    /// <summary>Gets the text of a leaf.</summary>
    public string Raw { get; private set; }

    /// <summary>Gets the members of an object by their names in quotes, or the elements of an array with empty names.</summary>
    public List<(string Name, JsonTree Value)> Children { get; private set; }

    /// <summary>Reads JSON; returns null for invalid JSON.</summary>
    public static JsonTree? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Creates a leaf of any text.</summary>
    public static JsonTree Leaf(string raw) => new(JsonValueKind.Undefined, raw, []);

    public JsonTree Clone() => new(Kind, Raw, [.. Children.Select(child => (child.Name, child.Value.Clone()))]);

    /// <summary>Replaces the content of this node by another tree.</summary>
    public void Become(JsonTree other) => (Kind, Raw, Children) = (other.Kind, other.Raw, other.Children);

    /// <summary>Returns this tree and all its descendants.</summary>
    public IEnumerable<JsonTree> All() => Children.SelectMany(child => child.Value.All()).Prepend(this);

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private static JsonTree Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new(element.ValueKind, string.Empty,
            [.. element.EnumerateObject().Select(member => (JsonSerializer.Serialize(member.Name), Of(member.Value)))]),
        JsonValueKind.Array => new(element.ValueKind, string.Empty, [.. element.EnumerateArray().Select(item => (string.Empty, Of(item)))]),
        var kind => new(kind, element.GetRawText(), []),
    };

    private void Write(StringBuilder text)
    {
        if (Kind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            text.Append(Raw);
            return;
        }

        text.Append(Kind == JsonValueKind.Object ? '{' : '[');
        for (var i = 0; i < Children.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            if (Kind == JsonValueKind.Object)
                text.Append(Children[i].Name).Append(':');
            Children[i].Value.Write(text);
        }

        text.Append(Kind == JsonValueKind.Object ? '}' : ']');
    }
}
