namespace Tokenwright.Adapters;

/// <summary>What became of a regenerate whose response was lost.</summary>
/// <param name="Remark">What is known and what to do, as sentences for people.</param>
/// <param name="DidNotHappen">Whether it surely did not happen, so that the old secret still works.</param>
public sealed record RegenerationResolution(string Remark, bool DidNotHappen = false);
