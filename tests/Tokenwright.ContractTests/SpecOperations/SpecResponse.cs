using System.Globalization;
using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests.SpecOperations;

/// <summary>A response as the spec describes it. There is one for each example of each response of an operation.</summary>
internal sealed record SpecResponse(
    string Name, SpecFile Spec, SpecOperation Operation, string DeclaredStatus, JsonNode? Body, VendorResponse Response)
{
    // A status that the spec doesn't declare, for the default response.
    private const int UndeclaredError = 418;

    public bool IsSuccess => DeclaredStatus.StartsWith('2');

    public static IEnumerable<SpecResponse> Of(SpecFile spec, SpecOperation operation)
        => operation.Node.Members("responses").SelectMany(response => Of(spec, operation, response.Key, spec.Resolve(response.Value)));

    public override string ToString() => $"{Operation.Name} {Name}";

    private static IEnumerable<SpecResponse> Of(SpecFile spec, SpecOperation operation, string declared, JsonObject response)
    {
        var status = declared == "default" ? UndeclaredError : int.Parse(declared, CultureInfo.InvariantCulture);
        var content = response.Members("content").ToList();
        if (content.Count == 0)
            return [new(declared, spec, operation, declared, null, WithHeaders(VendorResponse.Empty(status), spec, response))];

        var (mediaType, media) = content.Single();
        return Bodies(spec, operation, declared, media).Select(body => new SpecResponse(
            $"{declared} {body.Name}".Trim(),
            spec,
            operation,
            declared,
            body.Value,
            WithHeaders(VendorResponse.Json(status, body.Value.ToJsonString()).With("Content-Type", mediaType), spec, response)));
    }

    private static IReadOnlyList<SpecExample> Bodies(SpecFile spec, SpecOperation operation, string declared, JsonObject media)
    {
        if (spec.Examples(media) is { Count: > 0 } written)
            return written;
        if (!declared.StartsWith('2'))
            return [new(string.Empty, spec.Sample(media["schema"]))];

        // A tolerated success has the body of the documented one, so it shares its examples.
        return spec.Examples(operation.DocumentedSuccesses(spec).First().Members("content").Single().Value);
    }

    private static VendorResponse WithHeaders(VendorResponse response, SpecFile spec, JsonObject declared)
    {
        foreach (var (name, written) in declared.Members("headers"))
        {
            var header = spec.Resolve(written);
            response.With(name, (header["example"] ?? spec.Sample(header["schema"])).ToString());
        }

        return response.With("X-Undeclared", "sample");
    }
}
