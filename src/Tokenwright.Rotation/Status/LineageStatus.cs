namespace Tokenwright.Rotation;

/// <summary>Describes the state of a lineage for people and programs.</summary>
internal static class LineageStatus
{
    public static RotationStatus New(TokenLineage lineage) => new()
    {
        Lineage = lineage.Name, Connection = lineage.Connection, Stage = RotationStage.Done, Position = RotationStage.Done,
        Next = "The first token is issued.",
    };

    public static RotationStatus Of(TokenLineage lineage, LineageState state, DateTimeOffset dueAt) => new()
    {
        Lineage = lineage.Name,
        Connection = lineage.Connection,
        Stage = state.Attention is null ? state.Stage : RotationStage.NeedsAttention,
        Position = state.Stage,
        Since = state.Attention?.Since ?? state.Since,
        Generation = state.Current?.Generation ?? 0,
        TokenId = state.Current?.Id,
        IssuedAt = state.Current?.IssuedAt,
        ExpiresAt = state.Current?.ExpiresAt,
        OldGenerations = [.. state.Old.Select(old => old.Generation).Order()],
        WaitsFor = state.WaitsFor,
        Next = NextOf(state),
        NextAt = dueAt,
        Failures = state.Failures,
        Attention = state.Attention?.Reason,
        AttentionDeadline = state.Attention is null ? null : state.Current?.ExpiresAt,
        Debts = [.. state.Debts.Select(debt => new RotationDebt { TokenName = debt.Name, Until = debt.Until })],
        SoughtTokenNames = [.. state.Attempts.Select(attempt => attempt.Name)],
        Evidence = [.. state.Evidence.Select(entry => new RotationEvidence
            { At = entry.At, Generation = entry.Generation, Stage = entry.Stage, Text = entry.Text })],
    };

    private static string NextOf(LineageState state) => state.Stage switch
    {
        RotationStage.Intended when state.Attempts.Exists(attempt => !attempt.IsAbandoned) =>
            "What became of the create is found out.",
        RotationStage.Intended => "The new token is issued.",
        RotationStage.Minted => "The new token is checked, and gets its full lifetime.",
        RotationStage.Confirmed => "The new secret is written to the sinks.",
        RotationStage.Published => "The old token is revoked if nothing uses it any more.",
        RotationStage.Retiring => "The old token is revoked, and it is proven that it no longer works.",
        _ when state.Current is null => "The first token is issued.",
        _ when state.Attempts.Count > 0 => "A create that was lost is looked for again.",
        _ => "The next token is issued.",
    };
}
