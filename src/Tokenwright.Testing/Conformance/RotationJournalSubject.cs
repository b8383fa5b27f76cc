namespace Tokenwright.Testing.Conformance;

/// <summary>
/// Describes a rotation journal for the conformance suite. Derive a class from it for each journal, and run
/// <see cref="RotationJournalSuite.CasesOf"/> with any test framework.
/// </summary>
public abstract class RotationJournalSubject
{
    /// <summary>Gets the journal's name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Creates an empty store for one case.</summary>
    public abstract RotationJournalStage Start();

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
