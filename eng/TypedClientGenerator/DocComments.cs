using System.Text.RegularExpressions;
using NSwag;

namespace TypedClientGenerator;

/// <summary>Adds doc comments where NSwag writes none, and mends the others.</summary>
internal static partial class DocComments
{
    /// <summary>Gives each member that refers to a schema the description of the schema, unless it has its own.</summary>
    /// <param name="spec">The spec.</param>
    public static void DescribeReferences(OpenApiDocument spec)
    {
        foreach (var member in spec.Components.Schemas.Values.SelectMany(schema => schema.ActualProperties.Values))
            member.Description ??= member.ActualTypeSchema.Description;
    }

    /// <summary>
    /// Adds comments to the client, its interface, and the unknown members of the models, and joins the lines of the descriptions.
    /// </summary>
    /// <param name="code">The code that NSwag generated.</param>
    /// <param name="client">The name of the client's class.</param>
    /// <exception cref="InvalidOperationException">The code doesn't contain what a comment belongs to.</exception>
    public static string AddTo(string code, string client)
    {
        code = Insert(code, $"public partial interface I{client}",
            "Provides a method for each operation of the vendor's API. The comments are those of the OpenAPI spec.");
        code = Insert(code, $"public partial class {client} ", $"Represents the vendor's API: see <see cref=\"I{client}\" />.");
        code = BreakInText().Replace(code, "/// ");
        return Insert(code, "public System.Collections.Generic.IDictionary<string, object> AdditionalProperties",
            "Gets or sets the members that the spec doesn't have.");
    }

    // A comment precedes the attribute, which is the line above the declaration.
    private static string Insert(string code, string declaration, string summary)
    {
        var lines = code.Split('\n').ToList();
        var isFound = false;
        for (var i = lines.Count - 1; i > 0; i--)
        {
            if (!lines[i].TrimStart().StartsWith(declaration, StringComparison.Ordinal))
                continue;
            isFound = true;
            lines.Insert(i - 1, $"{lines[i][..^lines[i].TrimStart().Length]}/// <summary>{summary}</summary>");
        }

        return isFound ? string.Join('\n', lines) : throw new InvalidOperationException($"The generated code has no '{declaration}'.");
    }

    // NSwag keeps the line breaks of a description, but the specs break lines only because they are long.
    [GeneratedRegex(@"/// <br/>(?=\S)")]
    private static partial Regex BreakInText();
}
