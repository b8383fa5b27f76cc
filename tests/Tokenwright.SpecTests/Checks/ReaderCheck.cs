using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Tokenwright.SpecTests.Checks;

/// <summary>An OpenAPI reader reads the spec without errors or warnings, and recognizes it as OpenAPI 3.0.</summary>
internal static class ReaderCheck
{
    public static async Task<IReadOnlyList<string>> Problems(Stream yaml)
    {
        var settings = new OpenApiReaderSettings();
        settings.AddYamlReader();
        var (document, diagnostic) = await OpenApiDocument.LoadAsync(yaml, "yaml", settings);

        var problems = (diagnostic?.Errors ?? []).Select(error => $"error: {error}")
            .Concat((diagnostic?.Warnings ?? []).Select(warning => $"warning: {warning}"))
            .ToList();
        if (document is null)
            problems.Add("the reader returns no document");
        if (diagnostic?.SpecificationVersion != OpenApiSpecVersion.OpenApi3_0)
            problems.Add($"is {diagnostic?.SpecificationVersion}, not OpenAPI 3.0");
        return problems;
    }
}
