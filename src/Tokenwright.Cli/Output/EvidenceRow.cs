namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>rotation why</c>: a decision or observation of a rotation.</summary>
internal sealed record EvidenceRow(string Lineage, DateTimeOffset At, int Generation, string Stage, string Text);
