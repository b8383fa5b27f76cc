using System.Reflection;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <summary>The suite finds the flaws of a client: each flaw is one that an adapter could have.</summary>
internal sealed class FlawedClientTests
{
    private static readonly Dictionary<string, Func<ITokenClient, ITokenClient>> Flaws = new()
    {
        ["loses the name"] = client => new Flawed(client) { OnRecord = token => Copy(token, name: null) },
        ["tells another end"] =
            client => new Flawed(client) { OnRecord = token => Copy(token, name: token.Name, end: token.ExpiresAt?.AddHours(1)) },
        ["leaves out the last token of a list"] = client => new Flawed(client) { OnList = tokens => tokens.SkipLast(1) },
        ["gives a token twice"] = client => new Flawed(client) { OnList = tokens => tokens.Concat(tokens.Take(1)) },
        ["leaves out filters"] = client => new Flawed(client) { OnQuery = query => query is null ? null : query with { OwnOnly = false } },
        ["calls any token active"] = client => new Flawed(
            client) { OnValidation = validation => new TokenValidation { Verdict = TokenVerdict.Active, Token = validation.Token } },
        ["tells a revoked token as deactivated"] =
            client => new Flawed(client) { OnRevocation = _ => new TokenRevocation { Outcome = RevocationOutcome.Deactivated } },
        ["hands out another secret"] = client => new Flawed(client) { OnSecret = _ => new TokenSecret("another-one") },
        ["forgets the caller's cancellation"] = client => new Flawed(client) { OnCancellation = _ => CancellationToken.None },
    };

    [TestCaseSource(nameof(Names))]
    public async Task The_suite_finds_a_flaw(string flaw)
    {
        var found = new List<string>();
        foreach (var one in ConformanceSuite.CasesOf(new FlawedSubject(Flaws[flaw])))
        {
            try
            {
                // If the client ignores cancellation, a held call never completes.
                await one.RunAsync().WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
            }
            catch (Exception failure) when (failure is ConformanceException or TimeoutException)
            {
                found.Add(one.Name);
                break;
            }
        }

        Assert.That(found, Is.Not.Empty, $"No case finds that the client {flaw}.");
    }

    [Test]
    public void The_message_says_what_is_wrong()
    {
        var one = ConformanceSuite.CasesOf(new FlawedSubject(Flaws["loses the name"]))
            .First(one => one.Name.Contains("Get, Id", StringComparison.Ordinal));

        Assert.That(one.RunAsync,
            Throws.InstanceOf<ConformanceException>().With.Message.Contains("shown.Name").And.Message.Contains("build server 2"));
    }

    [Test]
    public void The_failure_of_a_journal_is_named_too()
    {
        var one = RotationJournalSuite.CasesOf(new FlawedJournal())[0];

        Assert.That(one.RunAsync, Throws.InstanceOf<ConformanceException>()
            .With.Message.EqualTo($"flawed journal, {one.Name}: InvalidOperationException: There is no place for it."));
        Assert.That(() => ConformanceSuite.RunAsync("a", "b", () => throw new TargetInvocationException(new IOException("c"))),
            Throws.InstanceOf<ConformanceException>().With.Message.EqualTo("a, b: IOException: c"));
    }

    private static IEnumerable<string> Names => Flaws.Keys;

    private static ApiToken Copy(ApiToken token, string? name, DateTimeOffset? end = null) => new()
    {
        Vendor = token.Vendor,
        Connection = token.Connection,
        Kind = token.Kind,
        Id = token.Id,
        Key = token.Key,
        Name = name,
        Description = token.Description,
        Owner = token.Owner,
        Scopes = token.Scopes,
        Roles = token.Roles,
        CreatedAt = token.CreatedAt,
        UpdatedAt = token.UpdatedAt,
        ExpiresAt = end ?? token.ExpiresAt,
        NeverExpires = token.NeverExpires,
        LastUsedAt = token.LastUsedAt,
        State = token.State,
        Raw = token.Raw,
        UnknownFields = token.UnknownFields,
    };

    private sealed class FlawedSubject(Func<ITokenClient, ITokenClient> flaw) : ConformanceSubject
    {
        private readonly Subjects.InMemorySubject _sound = new();

        public override string Name => "Flawed";

        public override Type ClientType => _sound.ClientType;

        public override TokenMembers Shown => _sound.Shown;

        public override TokenMembers Changeable => _sound.Changeable;

        public override (CreateTokenRequest Request, string[] Fields) Wrong => _sound.Wrong;

        public override TokenVerdict VerdictOf(TokenFate fate) => _sound.VerdictOf(fate);

        public override CreateTokenRequest Request(string name, TokenExpiry expiry) => _sound.Request(name, expiry);

        public override ConformanceStage Start(TimeProvider clock) => new InMemoryStage(clock, flaw);
    }

    private sealed class Flawed(ITokenClient inner) : DelegatingTokenClient(inner)
    {
        public Func<ApiToken, ApiToken> OnRecord { get; init; } = token => token;

        public Func<IReadOnlyList<ApiToken>, IEnumerable<ApiToken>> OnList { get; init; } = tokens => tokens;

        public Func<TokenQuery?, TokenQuery?> OnQuery { get; init; } = query => query;

        public Func<TokenValidation, TokenValidation> OnValidation { get; init; } = validation => validation;

        public Func<TokenRevocation, TokenRevocation> OnRevocation { get; init; } = revocation => revocation;

        public Func<TokenSecret, TokenSecret> OnSecret { get; init; } = secret => secret;

        public Func<CancellationToken, CancellationToken> OnCancellation { get; init; } = token => token;

        public override AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
        {
            var tokens = base.ListAsync(OnQuery(query), OnCancellation(cancellationToken));
            return AsyncTokenList.FromPages(
                async (_, _) => new TokenPage
                {
                    Tokens = [.. OnList(await tokens.ToListAsync(CancellationToken.None)).Select(OnRecord)],
                },
                OnCancellation(cancellationToken));
        }

        public override async Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default)
            => OnRecord(await base.GetAsync(reference, OnCancellation(cancellationToken)));

        public override async Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default)
        {
            var issued = await base.CreateAsync(request, OnCancellation(cancellationToken));
            return new IssuedToken { Token = OnRecord(issued.Token), Secret = OnSecret(issued.Secret) };
        }

        public override async Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default)
            => OnValidation(await base.ValidateAsync(reference, OnCancellation(cancellationToken)));

        public override async Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken = default)
            => OnRevocation(await base.RevokeAsync(reference, OnCancellation(cancellationToken)));
    }

    private sealed class FlawedJournal : RotationJournalSubject
    {
        public override string Name => "flawed journal";

        public override RotationJournalStage Start() => throw new InvalidOperationException("There is no place for it.");
    }
}
