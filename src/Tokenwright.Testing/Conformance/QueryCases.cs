namespace Tokenwright.Testing.Conformance;

/// <summary>Checks the filters of lists, and the queries that are built on them.</summary>
internal sealed class QueryCases(ConformanceSubject subject) : ConformanceRun(subject)
{
    private static readonly TokenQueryFilters[] Filters =
        [.. Enum.GetValues<TokenQueryFilters>().Where(filter => filter != TokenQueryFilters.None)];

    [Case(From = nameof(Filters))]
    public async Task A_filter_filters_or_is_refused_as_the_capabilities_say(TokenQueryFilters filter)
    {
        var mine = Issue(token => (token.Roles, token.LastUsedAt) = (["operator"], Ago(days: 1)));
        var theirs = Issue(token =>
            (token.OwnerId, token.OwnerName, token.Roles, token.LastUsedAt) = (Subject.OtherOwner, "other", ["auditor"], Ago(days: 90)));
        var unused = Issue(token => (token.OwnerId, token.OwnerName, token.Roles) = (Subject.OtherOwner, "other", ["auditor", "operator"]));
        var (query, expected) = filter switch
        {
            TokenQueryFilters.OwnerId => (new TokenQuery { OwnerId = Subject.OtherOwner }, new[] { theirs, unused }),
            TokenQueryFilters.OwnOnly => (new TokenQuery { OwnOnly = true }, [mine]),
            TokenQueryFilters.Role => (new TokenQuery { Role = new TokenRole("auditor") }, [theirs, unused]),
            TokenQueryFilters.UnusedSince => (new TokenQuery { UnusedSince = Ago(days: 30) }, [theirs, unused]),
            _ => (new TokenQuery { PageSize = 2 }, [mine, theirs, unused]),
        };
        var requests = Stage.Requests;

        if (Capabilities.Filters.HasFlag(filter))
        {
            Expect.SameItems((await Client.ListAsync(query).ReadAllAsync()).Select(token => token.Id), expected.Select(token => token.Id));
        }
        else
        {
            Expect.True(await Expect.Thrown(
                () => CallOf(() => Client.ListAsync(query))) is TokenOperationNotSupportedException { Reason.Length: > 0 });
            Expect.Equal(Stage.Requests, requests, "Something was sent.");
        }
    }

    [Case(0)]
    [Case(-1)]
    [Case(int.MaxValue)]
    public async Task A_page_of_no_size_is_refused(int size)
    {
        var refusal = Capabilities.Filters.HasFlag(TokenQueryFilters.PageSize)
            ? typeof(ArgumentOutOfRangeException) : typeof(TokenOperationNotSupportedException);

        await Expect.Throws(refusal, () => CallOf(() => Client.ListAsync(new TokenQuery { PageSize = size })));
        Expect.Equal(Stage.Requests, 0);
    }

    [Case]
    public async Task Tokens_are_found_by_name()
    {
        if (!await ListsOrRefuses())
            return;
        Issue(token => token.Name = "deploy");
        var found = Issue(token => token.Name = "Deploy");
        Issue(token => token.Name = "Deploy 2");

        Expect.Equal((await Client.FindByNameAsync("Deploy").ReadAllAsync()).Select(token => token.Id), new[] { found.Id });
    }

    [Case]
    public async Task Tokens_that_end_soon_are_found()
    {
        if (!await ListsOrRefuses())
            return;
        var ended = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        var soon = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime);
        Issue(token => token.ExpiresAt = Clock.GetUtcNow() + (2 * Lifetime));
        Issue();
        Clock.Advance(TimeSpan.FromMinutes(5));

        var found = (await Client.ListExpiringBeforeAsync(Clock.GetUtcNow() + Lifetime).ReadAllAsync()).Select(token => token.Id);

        var expected = Stage.Tokens.Where(token => token == ended || token == soon).Select(token => token.Id);
        Expect.Equal(found, Shows(TokenMembers.ExpiresAt) ? expected : []);
    }

    [Case]
    public async Task Tokens_that_are_surely_unused_are_found()
    {
        if (!Can(TokenOperation.List) || Capabilities.LastUsedGranularity is not { } granularity)
        {
            await Expect.Throws<TokenOperationNotSupportedException>(() => CallOf(() => Client.ListUnusedSinceAsync(Clock.GetUtcNow())));
            return;
        }

        var instant = Ago(days: 30);
        var unused = Issue(token => (token.CreatedAt, token.LastUsedAt) = (Ago(days: 99), instant - granularity));
        var never = Issue(token => token.CreatedAt = Ago(days: 99));
        Issue(token => (token.CreatedAt, token.LastUsedAt) = (Ago(days: 99), instant - granularity + TimeSpan.FromSeconds(1)));
        Issue(token => token.CreatedAt = Ago(days: 1));

        var found = (await Client.ListUnusedSinceAsync(instant).ReadAllAsync()).Select(token => token.Id);

        Expect.SameItems(found, new[] { unused.Id, never.Id });
    }

    private DateTimeOffset Ago(int days) => Clock.GetUtcNow().AddDays(-days);
}
