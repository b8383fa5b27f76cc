namespace Tokenwright.Rotation;

/// <summary>What the metrics show of a lineage.</summary>
internal sealed record LineageGauge(
    string Connection, DateTimeOffset? IssuedAt, DateTimeOffset DueAt, bool IsBlocked, int Debts);
