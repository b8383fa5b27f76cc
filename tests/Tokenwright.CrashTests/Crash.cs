using System.Globalization;
using System.Text.Json;
using Tokenwright.CrashTests.Victim;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;

namespace Tokenwright.CrashTests;

/// <summary>
/// Runs one seed: a program is killed while it issues tokens, and started again. Afterwards no unknown token may exist.
/// </summary>
internal sealed class Crash : IDisposable
{
    // The longest time of a create, and a second for values in whole seconds.
    private static readonly TimeSpan LongestCreate = new VMwareCloudOptions().TotalTimeout + TimeSpan.FromSeconds(1);

    private readonly CrashPlan _plan;
    private readonly VendorEmulator _emulator;
    private readonly DateTimeOffset _begin = TimeProvider.System.GetUtcNow();
    private readonly string _directory = Directory.CreateTempSubdirectory("tokenwright-crash-").FullName;
    private readonly List<string> _broken = [];
    private readonly List<string> _written = [];
    private readonly List<ReportedCreate> _reports = [];
    private readonly Dictionary<EmulatedToken, string> _bystanders = [];
    private Task _vendorIsAtRest = Task.CompletedTask;
    private readonly HashSet<string> _secrets = [VMwareCloudEmulator.IdToken.Reveal()];

    // The program uses the same at its next start.
    private readonly Job _job;
    private readonly ITokenClient _client;
    private readonly JournaledTokenIssuer _issuer;

    public Crash(CrashPlan plan)
    {
        _plan = plan;
        _emulator = plan.Subject.Start(new EmulatorOptions { TimeProvider = new SkewedClock(plan.VendorIsAhead) });
        _job = JobOf([]);
        _client = _job.Connect();
        _issuer = _job.Issuer(_client);
        Directory.CreateDirectory(_job.Secrets.Directory);
    }

    /// <summary>Gets at which step each run of the program was killed, as its files show.</summary>
    public List<KilledAt> Kills { get; } = [];

    /// <summary>Gets the promises that were broken.</summary>
    public IReadOnlyList<string> Broken => _broken;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var token in _emulator.Tokens.Where(token => !token.IsRevoked))
            Keep(token);
        if (_plan.Bystander is BystanderKind.NameTaken or BystanderKind.KeyTaken)
            AddBystander(_plan.Lives[0].Names[^1], _plan.BystanderAge);
        foreach (var life in _plan.Lives)
        {
            await LiveAsync(life, cancellationToken);
            if (life == _plan.Lives[0])
                AddLateBystander(life);
        }

        Require(_client.Metadata.Capabilities.CreationRecovery == _plan.Subject.Recovery, "the capabilities have the class");
        await _issuer.RecoverAsync(recovered => _reports.Add(new ReportedCreate(recovered)), cancellationToken);
        await _vendorIsAtRest;
        await CheckStoredAsync(cancellationToken);
        CheckBystanders();
        if (_plan.Subject.Recovery == CreationRecovery.BoundedByExpiry)
            CheckDeadlines();
        else
            Require(!Unknown.Any(),
                $"no token is there that nobody knows of, as {string.Join(", ", Unknown.Select(token => $"'{token.Name}' ({token.Id})"))}");
        CheckReports();
        CheckSecrets();
    }

    public void Dispose()
    {
        _client.Dispose();
        _emulator.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // ---- The runs of the program ----
    private async Task LiveAsync(Life life, CancellationToken cancellationToken)
    {
        var job = JobOf(life.Names, isLastWithoutResponse: life.Kill.Kind == KillKind.AfterStoring);
        using var victim = await VictimProcess.StartAsync(job, cancellationToken);
        using var step = new FileSystemWatcher(_job.Secrets.Directory);
        var reached = StepOf(life, step, victim);
        await victim.GoAsync();
        await Task.WhenAny(reached, victim.Done).WaitAsync(cancellationToken);
        if (life.Kill.Kind is KillKind.AfterResponse or KillKind.AfterCut or KillKind.AnyMoment)
            await Task.Delay(life.Kill.Wait, TimeProvider.System, cancellationToken);
        victim.Kill();
        if (life.Kill.Kind == KillKind.BeforeLateHandling)
            _vendorIsAtRest = Task.Delay(life.Kill.Wait * 1.5, TimeProvider.System, cancellationToken);
        var (exitCode, error) = await victim.EndAsync(cancellationToken);

        _emulator.Faults.Clear();
        Require(exitCode == 128 + 9, $"the program ends by SIGKILL, not with exit code {exitCode}: {error}");
        _written.AddRange([.. victim.Output, error]);
        _written.Add(File.Exists(job.Journal) ? await File.ReadAllTextAsync(job.Journal, cancellationToken) : string.Empty);
        foreach (var line in victim.Output.Where(line => line.StartsWith('{')))
            _reports.Add(JsonSerializer.Deserialize<ReportedCreate>(line)!);
        NoteSecrets();
        Kills.Add(KilledAtOf(life));
    }

    private Job JobOf(IReadOnlyList<string> names, bool isLastWithoutResponse = false) => new()
    {
        Vendor = _emulator.Vendor,

        // The emulator responds faster than a real vendor.
        Settings = new Dictionary<string, string>(
            _plan.Subject.SettingsOf(_emulator)) { ["RetryDelay"] = "00:00:00.3", ["CreationSettleTime"] = "00:00:02" },
        Directory = _directory,
        Names = names,
        IsLastWithoutResponse = isLastWithoutResponse,
        Lifetime = _plan.Lifetime,
        ExpiresAt = _plan.HasFixedEnd ? _begin + _plan.Lifetime : null,
        HasKeys = _plan.HasKeys,
        IfOutcomeUnknown = _plan.IfOutcomeUnknown,
        IdToken = VMwareCloudEmulator.IdToken.Reveal(),
    };

    // Completes when the program has reached the step at which it is killed.
    private Task StepOf(Life life, FileSystemWatcher secrets, VictimProcess victim)
    {
        if (life.Kill.Fault() is { } fault)
        {
            // The earlier creates succeed.
            for (var before = 1; before < life.Names.Count; before++)
                _emulator.Faults.Inject(Fault.Delay(TimeSpan.Zero), "POST", _plan.Subject.CreatePath);
            _emulator.Faults.Inject(fault, "POST", _plan.Subject.CreatePath);
            return fault.Happened;
        }

        if (life.Kill.Kind == KillKind.AnyMoment)
            return Task.CompletedTask;

        // A secret is first written to a file of another name. The process is killed immediately, because the next step follows
        // immediately.
        var left = life.Names.Count;
        if (life.Kill.Kind == KillKind.WhileStoring)
            secrets.Created += Count;
        else
            secrets.Renamed += Count;
        secrets.EnableRaisingEvents = true;
        return victim.Done;

        void Count(object sender, FileSystemEventArgs file)
        {
            if (--left == 0)
                victim.Kill();
        }
    }

    private KilledAt KilledAtOf(Life life)
    {
        var stored = _job.Secrets.ReadAll();
        if (_issuer.ReadPending() is not [.., { Name: var name }])
            return stored.ContainsKey(life.Names[^1]) ? KilledAt.CrossedOut : KilledAt.NotBegun;
        return stored.ContainsKey(name) ? KilledAt.SecretStored : Made.Any(token => IsNamed(token, name))
            ? KilledAt.TokenMade : KilledAt.JournalWritten;
    }

    // ---- The tokens at the vendor ----
    private IEnumerable<EmulatedToken> Made => _emulator.Tokens.Where(token => !token.IsRevoked && !_bystanders.ContainsKey(token));

    private IEnumerable<EmulatedToken> Unknown => Made.Where(token => !IsStored(token));

    private bool IsStored(EmulatedToken token) => _job.Secrets.ReadAll().Values.Any(stored => stored.Secret == token.Secret!.Reveal());

    // Not every vendor has names. Where there is none, the description contains the name.
    private static bool IsNamed(EmulatedToken token, string name) => (token.Name ?? token.Description) == name.Trim();

    private void Keep(EmulatedToken token) => _bystanders.Add(token, token.Secret!.Reveal());

    // Created after the create started, so that its time is later.
    private void AddLateBystander(Life life)
    {
        var lost = _issuer.ReadPending();
        var (name, startedAt) = lost.Count > 0 ? (lost[^1].Name, lost[^1].StartedAt) : (life.Names[^1], TimeProvider.System.GetUtcNow());
        if (_plan.Bystander is BystanderKind.OlderOfTheName)
            AddBystander(name, TimeProvider.System.GetUtcNow() - startedAt + _plan.BystanderAge);
        else if (_plan.Bystander is not (null or BystanderKind.NameTaken or BystanderKind.KeyTaken))
            AddBystander(name, TimeSpan.Zero);
    }

    private void AddBystander(string name, TimeSpan age)
    {
        name = name.Trim();
        var kind = _plan.Subject.FimidaraKind;
        Keep(_emulator.Add(new EmulatedToken
        {
            Name = _plan.Bystander is BystanderKind.KeyTaken or BystanderKind.SimilarName ? $"{name}'s neighbour" : name,
            Key = _plan.Bystander == BystanderKind.KeyTaken ? name : null,
            Kind = _plan.Bystander == BystanderKind.OtherKind ? FimidaraEmulator.ClientAssignedToken : kind,
            OwnerId = _plan.Bystander == BystanderKind.OtherOwner ? _plan.Subject.OtherOwner : null,
            Roles = _plan.Bystander == BystanderKind.OtherRoles ? ["admin"] : ["auditor"],
            CreatedAt = TimeProvider.System.GetUtcNow() + _plan.VendorIsAhead - age,
        }));
    }

    // ---- The promises ----
    private async Task CheckStoredAsync(CancellationToken cancellationToken)
    {
        var isNamedByBoth = _client.Metadata.Capabilities[TokenOperation.Validate].References.HasFlag(TokenReferenceKinds.IdAndSecret);
        foreach (var (name, stored) in _job.Secrets.ReadAll())
        {
            var token = _emulator.Tokens.FirstOrDefault(token => !token.IsRevoked && token.Secret!.Reveal() == stored.Secret);
            Require(token is not null, $"the token of the stored secret '{name}' is there");
            Require(stored.Id is null || stored.Id == token?.Id, $"the stored id of '{name}' is that of its token");
            var secret = new TokenSecret(stored.Secret);
            var validation = await _client.ValidateAsync(
                isNamedByBoth ? TokenReference.ByIdAndSecret(stored.Id!, secret) : TokenReference.BySecret(secret), cancellationToken);
            Require(validation.IsActive, $"the stored secret '{name}' works, and is not {validation.Verdict}: {validation.Reason}");
        }
    }

    private void CheckBystanders()
    {
        foreach (var (bystander, secret) in _bystanders)
        {
            Require(_emulator.Tokens.Contains(bystander) && bystander is { IsRevoked: false, IsDeactivated: false },
                $"the bystander '{bystander.Name}' lives");

            // Where the key existed, the vendor changes this token and signs its secret again.
            Require(bystander.Secret!.Reveal() == secret || _plan.Bystander == BystanderKind.KeyTaken,
                $"the bystander '{bystander.Name}' has its secret");
        }
    }

    private void CheckDeadlines()
    {
        foreach (var orphan in Unknown)
        {
            var name = orphan.Name ?? orphan.Description;
            var deadlines = _reports.Where(report => IsNamed(orphan, report.Name)).Select(report => report.OrphanExpiresAt).ToList();
            var text = string.Join(", ", deadlines.Select(deadline => deadline?.ToString("O", CultureInfo.InvariantCulture) ?? "never"));
            Require(deadlines.Count > 0 && !deadlines.Contains(null), $"it is said until when an orphan of '{name}' may exist: {text}");
            Require(deadlines.All(deadline => deadline >= orphan.ExpiresAt),
                $"the orphan of '{name}', which expires at {orphan.ExpiresAt:O}, expires no later than is said: {text}");
            Require(deadlines.All(deadline => deadline <= orphan.ExpiresAt + LongestCreate),
                $"the orphan of '{name}', which expires at {orphan.ExpiresAt:O}, is said to expire no later than it can: {text}");
        }
    }

    private void CheckReports()
    {
        // A name that already exists can't be used again, so it stays in the journal until a person has handled it.
        var isTaken = _plan.Bystander is BystanderKind.NameTaken or BystanderKind.KeyTaken or BystanderKind.OlderOfTheName
            || (_plan.Bystander is BystanderKind.OtherOwner or BystanderKind.OtherRoles && !_plan.Subject.HasNamesPerOwner);
        var mayFail = isTaken ? new[] { nameof(TokenConflictException), nameof(TokenInvalidRequestException) } : [];
        foreach (var reports in _reports.GroupBy(report => report.Name))
        {
            Require(mayFail.Append(null).Contains(reports.Last().Failure),
                $"what became of '{reports.Key}' is found out in the end: {reports.Last()}");

            // If the response to the second create is lost too, the third one follows only at the next start.
            Require(reports.All(report => mayFail.Append(nameof(TokenOutcomeUnknownException)).Append(null).Contains(report.Failure)),
                $"what became of '{reports.Key}' can be found out: {string.Join("; ", reports)}");
        }

        if (isTaken)
            return;
        if (_plan.IfOutcomeUnknown == UnknownOutcomeAction.RevokeOrphanAndCreateAgain)
            Require(_reports.All(report => _job.Secrets.ReadAll().ContainsKey(report.Name)),
                "what was lost is created again, and its secret stored");
        Require(_issuer.ReadPending().Count == 0, "the journal is crossed out");
    }

    // The secrets of tokens that are revoked later would not be known at the end.
    private void NoteSecrets() => _secrets.UnionWith(
        _emulator.Tokens.Select(token => token.Secret!.Reveal()).Concat(_job.Secrets.ReadAll().Values.Select(stored => stored.Secret)));

    private void CheckSecrets()
    {
        NoteSecrets();
        _secrets.UnionWith(_job.Settings.Where(setting => setting.Key is "Token" or "ClientSecret" or "AccessToken" or "ApiToken")
            .Select(setting => setting.Value));

        // A word of the documents that occurs in many texts.
        _secrets.Remove(VMwareCloudEmulator.DocumentedToken.Reveal());
        var texts = _written.Concat(_reports.Select(report => report.Remark)).ToList();
        Require(!texts.Any(text => _secrets.Any(text.Contains)), "no secret is in the journal or in what the program writes");
    }

    private void Require(bool isKept, string promise)
    {
        if (!isKept)
            _broken.Add(promise);
    }

    private sealed class SkewedClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
