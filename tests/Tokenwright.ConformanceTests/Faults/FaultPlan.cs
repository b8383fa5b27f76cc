using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>
/// The cells of one operation of one client: which of its requests a fault can affect, and in which ways the operation is called.
/// </summary>
internal sealed class FaultPlan
{
    private readonly TokenOperation _operation;
    private readonly TokenCapabilities _capabilities;
    private readonly IReadOnlyList<Scenario> _scenarios;
    private readonly bool _hasEndless;

    private FaultPlan(TokenOperation operation, TokenCapabilities capabilities, IReadOnlyList<Scenario> scenarios, bool hasEndless)
        => (_operation, _capabilities, _scenarios, _hasEndless) = (operation, capabilities, scenarios, hasEndless);

    /// <summary>Runs an operation without faults, to find out which requests it sends.</summary>
    public static async Task<FaultPlan> MakeAsync(ShippedSubject subject, TokenOperation operation, FaultBench bench)
    {
        var plainest = bench.Capabilities.AnyKind(operation);
        var scenarios =
            new List<Scenario> { Watched(subject, plainest, signsIn: false, await bench.RehearseAsync(plainest, signsIn: false)) };
        foreach (var kind in Calls.Kinds.Where(
            kind => kind != plainest && kind != TokenReferenceKinds.Self && bench.Capabilities[operation].References.HasFlag(kind)))
        {
            if (Watched(subject, kind, signsIn: false, await bench.RehearseAsync(kind, signsIn: false)) is var other
                && other.Has(Target.LookUpBefore))
                scenarios.Add(other);
        }

        if (bench.CanSignIn && Watched(subject, plainest, signsIn: true, await bench.RehearseAsync(plainest, signsIn: true)) is var signedIn
            && signedIn.Has(Target.Exchange))
            scenarios.Add(signedIn);

        if (operation != TokenOperation.Create)
            return new(operation, bench.Capabilities, scenarios, hasEndless: false);
        scenarios[0] = await WithRecoveryAsync(scenarios[0], bench);
        return new(operation, bench.Capabilities, scenarios,
            bench.Capabilities.CreationRecovery == CreationRecovery.BoundedByExpiry && await bench.IssuesEndlessTokensAsync());
    }

    /// <summary>Returns the cells of a fault.</summary>
    public IEnumerable<FaultCell> CellsOf(FaultCase fault)
        => from scenario in _scenarios
           from request in scenario.Requests
           where IsHit(scenario, request.Key.Target, fault)
           from isAlways in fault.IsOnce ? [false] : new[] { false, true }
           from neverExpires in _hasEndless && request.Key.Target == Target.Main
               && !scenario.SignsIn && fault.IsTypical ? new[] { false, true } : [false]
           let situation = new Situation
           {
               Fault = fault,
               IsAlways = isAlways,
               Target = request.Key.Target,
               Operation = _operation,
               SafeToRetry = _capabilities[_operation].SafeToRetry,
               Recovery = neverExpires ? CreationRecovery.Unbounded : _capabilities.CreationRecovery,
               Action = request.Key.Action,
               KnowsSecret = scenario.Kind is TokenReferenceKinds.Secret or TokenReferenceKinds.IdAndSecret,
               RenewsCredential = request.Value.RenewsCredential,
               IsGet = request.Value.Pattern.Method == "GET",
               Success = request.Value.Success,
               HasBody = request.Value.HasBody,
           }
           from action in ActionsOf(situation)
           select new FaultCell(scenario, situation with { Action = action }) { IsEndless = neverExpires };

    // The operation's main request runs with all faults in the simplest scenario, and all else with the typical ones. A regenerate with a
    // known old secret has a promise of its own.
    private bool IsHit(Scenario scenario, Target target, FaultCase fault) => target switch
    {
        Target.Main => scenario == _scenarios[0] || (_operation == TokenOperation.Regenerate && !scenario.SignsIn),
        Target.Exchange => fault.IsTypical && (scenario.SignsIn || scenario == _scenarios[0]),
        Target.LookUpBefore or Target.LookUpAfter => fault.IsTypical && !scenario.SignsIn,
        _ => fault.IsTypical,
    };

    // What the caller wants to be done about a lost response matters only if one is lost.
    private static UnknownOutcomeAction[] ActionsOf(Situation situation)
        => situation is { Operation: TokenOperation.Create, Target: Target.Main }
            && Enum.GetValues<UnknownOutcomeAction>() is var actions
            && actions.Any(action => Promises.Of(situation with { Action = action }).Unknown is not null)
                ? actions
                : [situation.Action];

    private static Scenario Watched(
        ShippedSubject subject, TokenReferenceKinds kind, bool signsIn, IReadOnlyList<RehearsedRequest> requests)
    {
        RequestPattern? Named((string Method, string Path)? request) => request is var (method, path) ? new(method, path) : null;
        var exchange = requests.Count > 1 ? requests.FirstOrDefault(request => request.Pattern == Named(subject.Exchange)) : null;
        var own = requests.Where(request => request != exchange).ToList();
        var main = own.Count == 1 ? own : own.Where(request => request.Pattern != Named(subject.LookUp)).ToList();
        Assert.That(
            main, Has.Count.EqualTo(1),
            $"{subject.Name} sends {string.Join(", ", requests.Select(request => request.Pattern))}: its subject must name the exchange " +
            "and the look-up among them.");

        var targets =
            new Dictionary<(Target, UnknownOutcomeAction), TargetRequest> { [(Target.Main, default)] = main[0].AsTarget(exchange) };
        if (exchange is not null)
            targets[(Target.Exchange, default)] = exchange.AsTarget(exchange);
        foreach (var lookUp in own.Except(main))
            targets[(own.IndexOf(lookUp) < own.IndexOf(main[0]) ? Target.LookUpBefore : Target.LookUpAfter, default)] =
                lookUp.AsTarget(exchange);
        return new(kind, signsIn, targets);
    }

    // For vendors where orphans can be found: the request that searches for them, and the one that reads the secret again or revokes.
    private static async Task<Scenario> WithRecoveryAsync(Scenario scenario, FaultBench bench)
    {
        if (bench.Capabilities.CreationRecovery is not (CreationRecovery.Recoverable or CreationRecovery.FindAndRevoke))
            return scenario;
        var targets = new Dictionary<(Target, UnknownOutcomeAction), TargetRequest>(scenario.Requests.ToDictionary());
        var main = targets[(Target.Main, default)].Pattern;
        foreach (var action in new[] { UnknownOutcomeAction.Recover, UnknownOutcomeAction.RevokeOrphan })
        {
            var requests = await bench.RehearseLossAsync(main, action);
            var exchange = requests.FirstOrDefault(
                request => scenario.Requests.TryGetValue((Target.Exchange, default), out var known) && request.Pattern == known.Pattern);
            if (requests.TakeWhile(request => request.Pattern != main).FirstOrDefault(request => request != exchange) is { } known)
                targets[(Target.LookForKnown, action)] = known.AsTarget(exchange);
            var recovery = requests.SkipWhile(request => request.Pattern != main).Skip(1).ToList();
            targets[(Target.Search, default)] = recovery[0].AsTarget(exchange);
            if (recovery[^1].Pattern != recovery[0].Pattern)
                targets[(Target.Settlement, action)] = recovery[^1].AsTarget(exchange);
        }

        targets[(Target.Again, UnknownOutcomeAction.RevokeOrphanAndCreateAgain)] = targets[(Target.Main, default)];

        return scenario with { Requests = targets };
    }
}
