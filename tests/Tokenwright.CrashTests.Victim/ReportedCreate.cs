using System.Text.Json.Serialization;

namespace Tokenwright.CrashTests.Victim;

/// <summary>The result of a create, as the victim prints it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OrphanExpiresAt">When an orphan that can't be found expires at the latest.</param>
/// <param name="Failure">The type of the exception, if the create could not be resolved.</param>
/// <param name="Remark">The message for people.</param>
[method: JsonConstructor]
public sealed record ReportedCreate(string Name, DateTimeOffset? OrphanExpiresAt, string? Failure, string Remark)
{
    public ReportedCreate(RecoveredCreate recovered)
        : this(recovered.Name, recovered.Resolution?.OrphanExpiresAt, recovered.Failure?.GetType().Name,
            recovered.Resolution?.Remark ?? recovered.Failure!.Message)
    {
    }
}
