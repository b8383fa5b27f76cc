using System.Text.Json.Nodes;

namespace Tokenwright.SpecTests.Spec;

/// <summary>An operation of a spec. Its parameters include those of its path.</summary>
internal sealed record SpecOperation(string Path, string Method, JsonObject Node, IReadOnlyList<JsonObject> Parameters)
{
    public string Name => Node.Text("operationId") ?? Request;

    public string Request => $"{Method} {Path}";

    /// <summary>Returns the success responses, without the tolerated ones that no document has.</summary>
    public IEnumerable<JsonObject> DocumentedSuccesses(SpecFile spec) =>
        Successes(spec).Where(response => !response.IsTrue("x-tolerated"));

    public IEnumerable<JsonObject> Successes(SpecFile spec) =>
        Node.Members("responses").Where(response => response.Key.StartsWith('2')).Select(response => spec.Resolve(response.Value));
}
