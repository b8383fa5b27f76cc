using System.Text.Json;

namespace Tokenwright.Rotation;

/// <summary>The state of a lineage, as the journal stores it. It contains no secret.</summary>
internal sealed class LineageState
{
    /// <summary>The form that this version writes. It reads no later one.</summary>
    public const int Newest = 1;

    private const int MostEvidence = 60;

    public int Form { get; set; } = Newest;

    public RotationStage Stage { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>The highest generation that was ever intended or seen.</summary>
    public int Generation { get; set; }

    /// <summary>The highest generation that was written to the sinks.</summary>
    public int Published { get; set; }

    /// <summary>The token whose secret the sinks have; null if there is none, or if it had to be revoked first.</summary>
    public TokenEntry? Current { get; set; }

    /// <summary>The token that is being issued.</summary>
    public TokenEntry? Next { get; set; }

    /// <summary>Tokens to revoke.</summary>
    public List<TokenEntry> Old { get; set; } = [];

    /// <summary>The creates whose outcome is not known.</summary>
    public List<AttemptEntry> Attempts { get; set; } = [];

    public List<DebtEntry> Debts { get; set; } = [];

    /// <summary>The creates of this rotation whose response was lost.</summary>
    public int LostAttempts { get; set; }

    /// <summary>The failures since the last progress.</summary>
    public int Failures { get; set; }

    public DateTimeOffset? RetryAt { get; set; }

    public DateTimeOffset? RequestedAt { get; set; }

    public DateTimeOffset? PublishedAt { get; set; }

    public string? WaitsFor { get; set; }

    public AttentionEntry? Attention { get; set; }

    public List<EvidenceEntry> Evidence { get; set; } = [];

    public static LineageState Parse(string json, string lineage)
    {
        LineageState? state;
        try
        {
            state = JsonSerializer.Deserialize(json, StateJson.Default.LineageState);
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException(
                $"The journal's record of the lineage '{lineage}' can't be read. Restore the journal from a backup.", exception);
        }

        return state is { Form: <= Newest } ? state : throw new InvalidOperationException(
            $"The journal's record of the lineage '{lineage}' has form {state?.Form}, and this version reads up to {Newest}. A later " +
            "version of Tokenwright.Rotation wrote it: use that one.");
    }

    public string ToJson() => JsonSerializer.Serialize(this, StateJson.Default.LineageState);

    public void Note(DateTimeOffset at, int generation, string text)
    {
        // What is waited for is looked at again and again.
        if (Evidence.Count > 0 && Evidence[^1] is var last && last.Text == text && last.Generation == generation)
            return;
        Evidence.Add(new EvidenceEntry { At = at, Generation = generation, Stage = Stage, Text = text });
        if (Evidence.Count > MostEvidence)
            Evidence.RemoveRange(0, Evidence.Count - MostEvidence);
    }

    /// <summary>The tokens that the journal knows of.</summary>
    public IEnumerable<TokenEntry> Tokens
    {
        get
        {
            foreach (var old in Old)
                yield return old;
            if (Current is not null)
                yield return Current;
            if (Next is not null)
                yield return Next;
        }
    }
}
