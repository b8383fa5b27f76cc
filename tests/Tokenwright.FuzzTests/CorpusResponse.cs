using Tokenwright.FuzzTests.Mutation;

namespace Tokenwright.FuzzTests;

/// <summary>
/// A response to start with: an example of a spec, or a recorded one. Its secret members contain <see cref="Markers.Body"/>.
/// </summary>
internal sealed record CorpusResponse(string Source, int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Gets the body as JSON; null if it isn't JSON.</summary>
    public JsonTree? Tree { get; } = JsonTree.Parse(Body);
}
