using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.ConformanceTests.Field;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>Runs calls of one operation at one vendor with faults, one call at a time.</summary>
internal sealed class FaultBench : IDisposable
{
    // Longer than the shortest lifetime that any vendor accepts, and shorter than the lifetime of the emulators' credentials.
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    private const string CanaryText = "canary-secret-that-an-response-held-0123456789";

    // More than any call sends, including the framework's own retries and all searches for a lost token.
    private const int Always = 200;

    // Only a call that hangs takes so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ShippedSubject _subject;
    private readonly TokenOperation _operation;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private readonly ConformanceStage _stage;
    private readonly IProgramStage _programs;
    private readonly VendorEmulator _vendor;
    private readonly TcpListener _elsewhere = new(IPAddress.Loopback, 0);
    private int _numbers;

    public FaultBench(ShippedSubject subject, TokenOperation operation)
    {
        _subject = subject;
        _operation = operation;
        _stage = subject.Start(_time);
        _programs = (IProgramStage)_stage;
        _vendor = _programs.Emulator;
        _elsewhere.Start();
        using var client = _stage.Open();
        Capabilities = client.Metadata.Capabilities;
    }

    public TokenCapabilities Capabilities { get; }

    public bool CanSignIn => _programs.CanSignIn;

    public void Dispose()
    {
        _elsewhere.Dispose();
        _stage.Dispose();
    }

    /// <summary>Runs the operation without a fault.</summary>
    /// <returns>The requests that were sent, in their order.</returns>
    public Task<IReadOnlyList<RehearsedRequest>> RehearseAsync(TokenReferenceKinds kind, bool signsIn)
        => RehearseAsync(kind, signsIn, fault: null, default);

    /// <summary>Creates a token whose response is lost.</summary>
    /// <param name="lost">The request whose response is lost.</param>
    /// <param name="action">What the caller wants to be done about the lost response.</param>
    public Task<IReadOnlyList<RehearsedRequest>> RehearseLossAsync(RequestPattern lost, UnknownOutcomeAction action)
        => RehearseAsync(
            TokenReferenceKinds.None, signsIn: false, () => Inject(Promises.LostResponse, lost, isList: false, times: 1), action);

    /// <summary>Returns whether the vendor issues tokens that never expire.</summary>
    public async Task<bool> IssuesEndlessTokensAsync()
    {
        try
        {
            using var client = _stage.Open();
            await client.CreateAsync(Request(default, neverExpires: true));
            return true;
        }
        catch (TokenInvalidRequestException)
        {
            return false;
        }
    }

    /// <summary>Runs the call of a cell.</summary>
    public async Task<FaultReport> PlayAsync(FaultCell cell)
    {
        var fault = cell.Situation.Fault;
        _vendor.Faults.Clear();
        _stage.Clear();
        var token = Issue();
        var clock = Clock();
        using var transport = new FaultTransport();
        using var repeating = new RepeatingHandler(Repetition.Copy) { InnerHandler = transport };
        using var client = _programs.OpenAsPrograms(
            fault.IsRepeatedByProgram ? repeating : transport, clock, cell.Scenario.SignsIn, fault.MaxResponseBytes);
        if (fault.IsOnUsedConnection)
            await CallAsync(client, cell.Scenario.Kind, Issue(), cell.Situation.Action, cell.IsEndless, $"renamed {Next()}")
                .WaitAsync(Patience, TimeProvider.System);
        if (fault.ClosesIdleConnection)
        {
            _vendor.CloseConnections();
            transport.AwaitClosed(Patience);
        }

        var before = _stage.Tokens;
        var requests = _vendor.Requests.Count;
        var alive = Alive();
        var startedAt = _time.GetUtcNow();
        if (cell.Situation.IsAfterLoss)
            Inject(Promises.LostResponse, cell.Scenario.Requests[(Target.Main, default)].Pattern, isList: false, times: 1);
        var faults = Inject(fault, cell.Request.Pattern, cell.Request.IsList, cell.Situation.IsAlways ? Always : 1, transport,
            after: cell.Situation.Target == Target.Again ? 1 : 0);
        if (fault.IsLate)
            clock.BeforeWaking = () => Late(faults);

        _vendor.ListLag = fault.ListLag;
        var newName = $"renamed {Next()}";
        using var recording = Recording.Begin(fault.ListenersThrow);
        var call = CallAsync(client, cell.Scenario.Kind, token, cell.Situation.Action, cell.IsEndless, newName);
        var hangs = !await EndsAsync(call, cell.Request.HasBody || !fault.IsInBody ? faults : [], fault, clock);
        var elapsed = _time.GetUtcNow() - startedAt;
        _vendor.ListLag = TimeSpan.Zero;
        if (fault.IsLate)
        {
            await clock.AdvanceAsync(Promises.AttemptTimeout + FaultCatalogue.Lateness);
            await Late(faults).WaitAsync(Patience, TimeProvider.System);
        }

        var received = _vendor.Requests.Skip(requests).ToList();
        var after = _stage.Tokens;
        return new FaultReport
        {
            Hangs = hangs,
            Exception = call.IsCompleted
                ? call.Exception?.InnerException ?? (call.IsCanceled ? new TaskCanceledException(call) : null) : null,
            Result = call.IsCompletedSuccessfully ? call.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(call) : null,
            Metadata = client.Metadata,
            StartedAt = startedAt,
            Elapsed = elapsed,
            Requests = received.Count(cell.Request.Pattern.Matches) + transport.Refused,
            MainRequests = received.Count(cell.Scenario.Requests[(Target.Main, default)].Pattern.Matches)
                + (cell.Situation.Target is Target.Main or Target.Again ? transport.Refused : 0),
            Alive = Alive() - alive,
            Token = token,
            NewName = newName,
            Made = [.. after.Except(before)],
            WasElsewhere = _elsewhere.Pending(),
            Told = recording,
            Canary = new SecretCanary(
                [CanaryText, .. transport.Credentials, .. NamedSecrets(), .. before.Concat(after).Select(known => known.Secret!.Reveal())]),
        };
    }

    private async Task<IReadOnlyList<RehearsedRequest>> RehearseAsync(
        TokenReferenceKinds kind, bool signsIn, Action? fault, UnknownOutcomeAction action)
    {
        _vendor.Faults.Clear();
        _stage.Clear();
        var token = Issue();
        using var transport = new FaultTransport { KeepsResponses = true };
        using var client = _programs.OpenAsPrograms(transport, Clock(), signsIn);
        var requests = _vendor.Requests.Count;
        fault?.Invoke();
        var ids = new List<string?> { token.Id };
        try
        {
            var call = CallAsync(client, kind, token, action, neverExpires: false, $"renamed {Next()}");
            await call.WaitAsync(Patience, TimeProvider.System);
            if (call is Task<IssuedToken> issued)
                ids.Add((await issued).Token.Id);
        }
        catch (TokenOutcomeUnknownException unknown) when (fault is not null)
        {
            // The expected result where a secret can't be read again.
            ids.AddRange(unknown.Orphans.Select(orphan => orphan.Id));
        }

        return [.. _vendor.Requests.Skip(requests).Select(request => new RehearsedRequest(
            request,
            ids.Select(id => RequestPattern.Of(request, id)).FirstOrDefault(pattern => pattern.Path.Contains('*', StringComparison.Ordinal))
                ?? RequestPattern.Of(request, null),
            transport.ResponseTo(RequestPattern.Of(request, null))))];
    }

    private SkippingClock Clock() => new(_time, Promises.AttemptTimeout, Promises.TotalTimeout);

    private EmulatedToken Issue()
    {
        var token = _subject.NewToken($"token {Next()}");
        _subject.Prepare(token);
        token.IsDeactivated = _operation == TokenOperation.Resume;
        return _stage.Add(token);
    }

    private CreateTokenRequest Request(UnknownOutcomeAction action, bool neverExpires)
        => new(_subject.Request($"token {Next()}", neverExpires ? TokenExpiry.Never : TokenExpiry.After(Lifetime)))
            { IfOutcomeUnknown = action, AllowUnboundedOrphan = neverExpires };

    // One page of a list. Every page is a request with the same promise, and the number of pages depends on the list.
    private Task CallAsync(
        ITokenClient client, TokenReferenceKinds kind, EmulatedToken token, UnknownOutcomeAction action, bool neverExpires, string newName)
        => _operation == TokenOperation.List
            ? client.ListAsync().ReadPageAsync()
            : client.CallAsync(_operation, Calls.Reference(kind, token), Request(action, neverExpires), newName);

    private string Next() => (++_numbers).ToString(CultureInfo.InvariantCulture);

    private int Alive() => _stage.Tokens.Count(token => token.IsActive(_time.GetUtcNow()));

    private static Task Late(IEnumerable<Fault> faults)
        => Task.WhenAll(faults.Where(fault => fault.Happened.IsCompleted).Select(fault => fault.Handled));

    private List<Fault> Inject(
        FaultCase fault, RequestPattern requests, bool isList, int times, FaultTransport? transport = null, int after = 0)
    {
        if (fault.Sight == Sight.NoConnection)
            transport!.Refuse(requests, times, after);
        if (fault.Make is null)
            return [];
        var scene = new FaultScene(isList, new Uri($"http://{_elsewhere.LocalEndpoint}/"), CanaryText, _time.GetUtcNow);
        var faults = Enumerable.Range(0, times).Select(_ => fault.Make(scene)).ToList();
        faults.ForEach(made => _vendor.Faults.Inject(made, requests.Method, requests.Path));
        return faults;
    }

    // Where a fault holds a request, the client's timeout elapses as soon as the vendor has reached that point. False if the call doesn't
    // complete.
    private static async Task<bool> EndsAsync(Task call, List<Fault> faults, FaultCase fault, SkippingClock clock)
    {
        var holding = fault.Holds ? faults.Select(made => made.Happened) : [];
        try
        {
            foreach (var held in holding)
            {
                await Task.WhenAny(call, held).WaitAsync(Patience, TimeProvider.System);
                if (call.IsCompleted)
                    break;
                await clock.FireNextGuardAsync();
            }

            await Task.WhenAny(call).WaitAsync(Patience, TimeProvider.System);

            // Asynchronously, because the clock may be what completed the call.
            await Task.Yield();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // The emulator's own secrets: credentials, passwords, and whatever else it requires.
    private IEnumerable<string> NamedSecrets()
        => _vendor.GetType().GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.GetValue(null))
            .OfType<TokenSecret>().Select(secret => secret.Reveal());
}
