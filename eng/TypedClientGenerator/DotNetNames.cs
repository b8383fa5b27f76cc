using NJsonSchema;
using NJsonSchema.CodeGeneration;
using NSwag;
using NSwag.CodeGeneration;

namespace TypedClientGenerator;

/// <summary>
/// Converts the names of members and parameters to .NET names: each word of the name on the wire starts with a capital letter. If two
/// members of a model would have the same name, the spec gives one of them another name (<c>x-dotnet-name</c>).
/// </summary>
internal sealed class DotNetNames : IPropertyNameGenerator, IParameterNameGenerator
{
    public string Generate(JsonSchemaProperty property)
    {
        var name = NameOf(property);
        var twin = (property.ParentSchema ?? property.Parent as JsonSchema)?.ActualProperties.Values.FirstOrDefault(
            other => other.Name != property.Name && NameOf(other) == name);
        return twin is null ? name : throw new InvalidOperationException(
            $"The members '{property.Name}' and '{twin.Name}' of a model are both named {name}. Give one of them an x-dotnet-name.");
    }

    public string Generate(OpenApiParameter parameter, IEnumerable<OpenApiParameter> allParameters)
    {
        var name = Pascal(parameter.Name);
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string NameOf(JsonSchemaProperty property)
        => property.ExtensionData?.TryGetValue("x-dotnet-name", out var given) == true ? (string)given! : Pascal(property.Name);

    private static string Pascal(string name)
        => string.Concat(name.Split(name.Where(character => !char.IsLetterOrDigit(character)).Distinct().ToArray(),
            StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
