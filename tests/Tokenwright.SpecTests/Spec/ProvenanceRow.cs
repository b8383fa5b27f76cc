namespace Tokenwright.SpecTests.Spec;

/// <summary>One row of the Operations or Schemas table of a PROVENANCE.md.</summary>
internal sealed record ProvenanceRow(string Name, string Grade, string Source);
