using System.Text.Json.Serialization;

namespace Tokenwright.CrashTests.Victim;

/// <summary>What became of a create, as a victim tells it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OrphanExpiresAt">Until when an orphan that can't be found may exist.</param>
/// <param name="Failure">The type of the exception, if it could not be resolved.</param>
/// <param name="Remark">The words for people.</param>
[method: JsonConstructor]
public sealed record ReportedCreate(string Name, DateTimeOffset? OrphanExpiresAt, string? Failure, string Remark)
{
    public ReportedCreate(RecoveredCreate recovered)
        : this(recovered.Name, recovered.Resolution?.OrphanExpiresAt, recovered.Failure?.GetType().Name,
            recovered.Resolution?.Remark ?? recovered.Failure!.Message)
    {
    }
}
