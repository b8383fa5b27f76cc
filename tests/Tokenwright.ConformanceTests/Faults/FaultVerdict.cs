using System.Globalization;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>Compares the result of a cell with its promise.</summary>
internal static class FaultVerdict
{
    // A tolerance for different clocks.
    private static readonly TimeSpan DeadlineMargin = TimeSpan.FromMinutes(1);

    public static void Hold(ShippedSubject subject, FaultCell cell, Promise promise, FaultReport report)
    {
        var name = $"{subject.Name}: {cell}";
        if (report.Hangs)
        {
            Assert.Fail($"{name}: the call doesn't end. {Shown(report)}");
            return;
        }

        That(report.Exception?.GetType(), Is.EqualTo(promise.Exception), "how the call ends");
        That(report.Requests, Is.InRange(promise.Requests, promise.MostRequests ?? promise.Requests),
            "requests that were hit or could have been");
        That(report.MainRequests, Is.EqualTo(promise.MainRequests), "main requests");
        That(report.Alive, Is.EqualTo(promise.IsDone ? Change(cell.Situation.Operation) : 0), "change in the number of working tokens");
        That(report.Made, Has.Count.LessThanOrEqualTo(1), "new tokens");
        That(report.Elapsed, Is.LessThanOrEqualTo(promise.Budget), "time");
        That(report.WasElsewhere, Is.False, "went to another origin");
        That(report.Canary.Find(report.Exception, "exception").Concat(report.Canary.Find(report.Result, "result")), Is.Empty,
            "places that show a secret");
        That(
            report.Canary.Find(report.Told.LogEntries, "logs")
                .Concat(report.Canary.Find(report.Told.Spans, "spans"))
                .Concat(report.Canary.Find(report.Told.Measurements, "metrics"))
                .Concat(report.Canary.Find(report.Told.Events, "the framework's events")),
            Is.Empty,
            "places that tell a secret");
        That((report.Told.LogEntries.Count, report.Told.Spans.Count, report.Told.Measurements.Count),
            Is.EqualTo((0, 0, 0)).Using<(int, int, int)>((one, _) => one is (> 0, > 0, > 0)), "what is told of it");
        if (report.Exception is TokenClientException exception && exception.GetType() == promise.Exception)
            AssertTold(exception);
        else if (report.Exception is null && promise.Exception is null)
            AssertResult();

        void AssertTold(TokenClientException told)
        {
            That((told.Vendor, told.Connection, told.Operation),
                Is.EqualTo((report.Metadata.Vendor, report.Metadata.Connection, cell.Situation.Operation)), "whose");
            That(told.Status, Is.EqualTo(promise.Status), "status");
            That(told.IsTransient, Is.EqualTo(promise.IsTransient), "transient");
            That(told.RetryAfter, Is.EqualTo(promise.RetryAfter), "wait");
            if (told is TokenOutcomeUnknownException unknown)
                AssertUnknown(unknown, promise.Unknown!);
        }

        void AssertUnknown(TokenOutcomeUnknownException unknown, UnknownOutcome known)
        {
            That(unknown.Recovery, Is.EqualTo(known.Recovery), "recovery");
            That(unknown.Orphans, Has.Count.EqualTo(known.Orphans), "orphans");
            That(unknown.IsOrphanRevoked, Is.EqualTo(known.IsOrphanRevoked), "orphan revoked");
            That(unknown.StartedAt, Is.InRange(report.StartedAt, report.StartedAt + report.Elapsed), "start");
            That(unknown.InnerException, Is.InstanceOf<TokenClientException>(), "how the response was lost");
            That(unknown.OrphanReference?.Kind, Is.EqualTo(
                known.Recovery == CreationRecovery.Recoverable ? TokenReferenceKinds.Key : (TokenReferenceKinds?)null), "name to look for");
            foreach (var (orphan, made) in unknown.Orphans.Zip(report.Made))
                That(orphan.Id, Is.EqualTo(made.Id), "orphan's id");

            // Not before the token really expires, and not much later.
            if (known.Recovery != CreationRecovery.BoundedByExpiry)
                That(unknown.OrphanExpiresAt, Is.Null, "end");
            else
                That(unknown.OrphanExpiresAt, Is.InRange(report.Made.SingleOrDefault()?.ExpiresAt ?? report.StartedAt,
                    report.StartedAt + FaultBench.Lifetime + Promises.TotalTimeout + DeadlineMargin), "end");
        }

        void AssertResult()
        {
            switch (report.Result)
            {
                case IssuedToken issued:
                    That(issued.Secret, Is.EqualTo((cell.Situation.Operation == TokenOperation.Create
                        ? report.Made.SingleOrDefault() : report.Token)?.Secret), "secret");
                    break;
                case TokenValidation validation:
                    That(validation.Verdict, Is.EqualTo(promise.Verdict), "verdict");
                    break;
                case IReadOnlyList<TokenSuspensionResult> results:
                    That(results.Select(result => result.Succeeded), Is.EqualTo(new[] { promise.Succeeds }), "suspended or resumed");
                    break;
                case TokenBulkUpdateResult result:
                    That((result.Outcome, result.Token?.Id), Is.EqualTo((TokenUpdateOutcome.Updated, report.Token.Id)), "bulk update");
                    break;
            }

            if (cell.Situation.Operation == TokenOperation.Update)
                That(report.Token.Name, Is.EqualTo(report.NewName), "name");
        }

        void That<TActual>(TActual actual, NUnit.Framework.Constraints.IResolveConstraint constraint, string what)
            => Assert.That(actual, constraint, () => $"{name}: {what}. {Shown(report)}");
    }

    // Returns by how many the number of working tokens changes when the operation succeeds.
    private static int Change(TokenOperation operation) => operation switch
    {
        TokenOperation.Create or TokenOperation.Resume => 1,
        TokenOperation.Revoke or TokenOperation.Suspend => -1,
        _ => 0,
    };

    private static string Shown(FaultReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"It took {report.Elapsed.TotalSeconds} s and {report.Requests} requests, and came to " +
            $"{(report.Exception is { } exception ? $"{exception.GetType().Name}: {exception.Message}" : report.Result ?? "nothing")}.");
}
