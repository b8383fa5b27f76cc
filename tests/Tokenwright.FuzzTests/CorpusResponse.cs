using Tokenwright.FuzzTests.Mutation;

namespace Tokenwright.FuzzTests;

/// <summary>
/// A response to begin with: an example of a spec, or one that was recorded. Its secret members hold <see cref="Markers.Body"/>.
/// </summary>
internal sealed record CorpusResponse(string Source, int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body as JSON; null if it isn't.</summary>
    public JsonTree? Tree { get; } = JsonTree.Parse(Body);
}
