namespace Tokenwright.ConformanceTests.Faults;

/// <summary>One cell of the matrix: a situation, and how to produce it at a vendor.</summary>
internal sealed record FaultCell(Scenario Scenario, Situation Situation)
{
    /// <summary>Gets whether the create asks for a token that never expires.</summary>
    public bool IsEndless { get; init; }

    /// <summary>Gets the request that the fault affects.</summary>
    public TargetRequest Request => Scenario.Requests[
        (Situation.Target, Situation.Target is Target.LookForKnown or Target.Settlement or Target.Again ? Situation.Action : default)];

    public override string ToString()
    {
        var parts = new[]
        {
            $"{Situation.Operation}{(Scenario.Kind == TokenReferenceKinds.None ? "" : $" by {Scenario.Kind}")}",
            Scenario.SignsIn ? "signed in" : null,
            IsEndless ? "without an end" : null,
            Situation.Target == Target.Main ? null : $"{Situation.Target}",
            Situation.Fault.Name,
            Situation.IsAlways ? "always" : "once",
            Situation.Operation == TokenOperation.Create ? $"{Situation.Action}" : null,
        };
        return string.Join(", ", parts.Where(part => part is not null));
    }
}
