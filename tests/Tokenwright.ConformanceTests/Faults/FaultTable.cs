using System.Globalization;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>Generates the tables of the documents about failures from the promise that the matrix tests.</summary>
internal static class FaultTable
{
    private static readonly (string Head, Situation Situation)[] Columns =
    [
        ("read", Of(TokenOperation.Get, safe: true)),
        ("write that is safe to retry", Of(TokenOperation.Update, safe: true)),
        ("create, the secret can be read again", Of(TokenOperation.Create, safe: false, CreationRecovery.Recoverable)),
        ("create, the orphan can be found", Of(TokenOperation.Create, safe: false, CreationRecovery.FindAndRevoke)),
        ("create, the orphan can't be found", Of(TokenOperation.Create, safe: false, CreationRecovery.BoundedByExpiry)),
        ("regenerate", Of(TokenOperation.Regenerate, safe: false)),
    ];

    // What users call these failures. The faults of a row have the same result.
    private static readonly (string Head, string[] Faults)[] Common =
    [
        ("the vendor can't be reached", ["connection refused"]),
        ("the connection is closed or reset before the response begins",
            ["closed before the vendor does anything", "reset before the vendor does anything", "closed after the vendor did it",
                "reset after the vendor did it", "closed inside the headers"]),
        ("no complete response arrives in time",
            ["no response in time, before the vendor does anything", "no response in time, after the vendor did it",
                "stalled in the body"]),
        ("408, 500, 502, 503 or 504", ["408", "500", "502 with a page", "503", "504"]),
        ("503 with a `Retry-After` that is too long for the call", ["503 with a wait that is too long"]),
        ("429", ["429", "429 with a wait that fits"]),
        ("429 with a `Retry-After` that is too long for the call", ["429 with a wait that is too long"]),
        ("400", ["400"]),
        ("401", ["401"]),
        ("403", ["403"]),
        ("404", ["404"]),
        ("409", ["409"]),
        ("a redirect, or a 404 with a page of HTML", ["302 to another origin", "404 with a page"]),
        ("200 with a page of HTML, or with JSON that can't be read", ["200 with a page", "200 with invalid JSON"]),
    ];

    /// <summary>Returns the results of frequent faults: of reads and of writes that are safe to retry, and of creates.</summary>
    /// <exception cref="InvalidOperationException">Faults of one row, or a read and such a write, have different results.</exception>
    public static string OfCommonFaults()
        => GeneratedDocs.Table(
            ["what goes wrong", "read, or write that is safe to retry", "create"],
            Common.Select(common => common.Faults.Select(OfCommonFault).Distinct().ToList() is [var (safe, create)]
                ? new[] { common.Head, safe, create }
                : throw new InvalidOperationException($"The faults of '{common.Head}' have different results.")));

    private static (string Safe, string Create) OfCommonFault(string name)
    {
        var fault = FaultCatalogue.All.Single(fault => fault.Name == name);
        var told = Columns.Select(column => Told(column.Situation with { Fault = fault })).ToList();
        if (told[0] != told[1])
            throw new InvalidOperationException($"'{name}' needs a column for reads and one for writes.");
        return (told[0], told[2..5].Distinct().ToList() is [var one] ? one : "[outcome unknown](unknown-outcomes.md), or recovered");
    }

    /// <summary>Returns the result of a create that was executed and whose response is lost, for each action.</summary>
    public static string OfActions()
    {
        var lost = FaultCatalogue.All.First(fault => fault is { Sight: Sight.NoResponse, Holds: false, IsCarriedOut: true });
        CreationRecovery[] classes = [CreationRecovery.Recoverable, CreationRecovery.FindAndRevoke, CreationRecovery.BoundedByExpiry];
        return GeneratedDocs.Table(
            classes.Select(recovery => $"`{recovery}`").Prepend("`IfOutcomeUnknown`"),
            Enum.GetValues<UnknownOutcomeAction>().Select(action => classes
                .Select(recovery => ToldOfLoss(Of(TokenOperation.Create, safe: false, recovery) with { Fault = lost, Action = action }))
                .Prepend($"`{action}`")));
    }

    /// <summary>Returns the result of each fault. Faults with the same result share a row.</summary>
    public static string OfFaults()
        => GeneratedDocs.Table(
            Columns.Select(column => column.Head).Prepend("what goes wrong"),
            Grouped(FaultCatalogue.All.Select(
                fault => (fault.Name, Columns.Select(column => Told(column.Situation with { Fault = fault })).ToList()))));

    /// <summary>Returns the result of a create whose response is lost, for each <see cref="UnknownOutcomeAction"/>.</summary>
    public static string OfRecovery()
    {
        var lost = FaultCatalogue.All.Where(fault => fault is { Sight: Sight.NoResponse, Holds: false }).ToList();
        var unreadable = FaultCatalogue.All.First(fault => fault is { Sight: Sight.WrongContent, IsCarriedOut: false });
        (string Head, FaultCase Fault)[] losses =
        [
            ("it made the token, the response is lost", lost.First(fault => fault.IsCarriedOut)),
            ("it made none, and no response came", lost.First(fault => !fault.IsCarriedOut)),
            ("it made none, but responded with a success that can't be read", unreadable),
        ];
        var actions = Enum.GetValues<UnknownOutcomeAction>();
        return GeneratedDocs.Table(
            actions.Select(action => $"`{action}`").Prepend("what the vendor did").Prepend("recovery"),
            from recovery in new[] { CreationRecovery.Recoverable, CreationRecovery.FindAndRevoke, CreationRecovery.BoundedByExpiry }
            from row in Grouped(losses.Select(loss =>
                (loss.Head, actions.Select(action =>
                    ToldOfLoss(Of(TokenOperation.Create, safe: false, recovery) with { Fault = loss.Fault, Action = action })).ToList())))
            select row.Prepend($"`{recovery}`"));
    }

    /// <summary>Returns the number of cells.</summary>
    public static string OfCells(IReadOnlyCollection<(ShippedSubject Subject, FaultCell Cell)> cells)
    {
        static string[] Row(string name, IReadOnlyCollection<(ShippedSubject Subject, FaultCell Cell)> cells)
            => [name, Number(cells.Select(cell => (cell.Subject, cell.Cell.Situation.Operation)).Distinct().Count()),
                Number(FaultCatalogue.All.Count), Number(cells.Count)];

        return GeneratedDocs.Table(
            ["client", "operations", "faults", "cells"],
            cells.GroupBy(cell => cell.Subject.Name).Select(client => Row(client.Key, [.. client])).Append(Row("all", cells)));
    }

    // Rows with the same cells are merged.
    private static IEnumerable<IEnumerable<string>> Grouped(IEnumerable<(string Head, List<string> Cells)> rows)
        => rows.GroupBy(row => string.Join('|', row.Cells))
            .Select(group => group.First().Cells.Prepend(string.Join("; ", group.Select(row => row.Head))));

    private static Situation Of(TokenOperation operation, bool safe, CreationRecovery recovery = CreationRecovery.None)
        => new() { Fault = FaultCatalogue.All[0], Operation = operation, SafeToRetry = safe, Recovery = recovery };

    private static string Told(Situation situation)
    {
        var once = Promises.Of(situation);
        var always = Promises.Of(situation with { IsAlways = !situation.Fault.IsOnce });
        if (always.Exception is null || situation.Fault.IsOnce)
            return once.Requests > 1 ? "retried" : ToldOfLoss(situation);
        if (once.Exception is null && once.Requests > 1)
            return $"sent {Number(always.Requests)} times at most, then {Words(always.Exception)}";
        return once.Unknown is null ? Words(once.Exception!) : ToldOfLoss(situation);
    }

    private static string ToldOfLoss(Situation situation)
    {
        var promise = Promises.Of(situation);
        return promise switch
        {
            { Exception: null, Requests: 1 } when situation.Fault.Sight != Sight.Success => "found, and its secret read again",
            { Exception: null, Requests: 1 } => "succeeds",
            { Exception: null } => "created once more",
            { Unknown: { IsOrphanRevoked: true } } => $"{Words(promise.Exception)}, the orphan revoked",
            { Unknown.Orphans: > 0 } => $"{Words(promise.Exception)}, with the orphan",
            { Unknown.Recovery: CreationRecovery.BoundedByExpiry } => $"{Words(promise.Exception)}, with the latest expiry",
            _ => Words(promise.Exception),
        };
    }

    // TokenServiceUnavailableException -> service unavailable
    private static string Words(Type exception)
    {
        const string Prefix = "Token";
        const string Suffix = "Exception";
        if (exception == typeof(TokenClientException))
            return "client exception";
        return string.Concat(exception.Name[Prefix.Length..^Suffix.Length].Select((letter, index) =>
            char.IsUpper(letter) ? $"{(index > 0 ? " " : string.Empty)}{char.ToLowerInvariant(letter)}" : letter.ToString()));
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
