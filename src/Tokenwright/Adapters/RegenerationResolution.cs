namespace Tokenwright.Adapters;

/// <summary>Represents the outcome of a regenerate whose response was lost.</summary>
public sealed class RegenerationResolution
{
    /// <summary>Initializes a new instance of the <see cref="RegenerationResolution"/> class.</summary>
    /// <param name="remark">What is known and what to do, as text for a person.</param>
    public RegenerationResolution(string remark) => Remark = remark;

    /// <summary>Gets what is known and what to do, as text for a person.</summary>
    public string Remark { get; }

    /// <summary>Gets or initializes whether the regenerate certainly did not happen, so that the old secret still works.</summary>
    public bool DidNotHappen { get; init; }
}
