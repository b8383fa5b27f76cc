namespace Tokenwright.ConformanceTests;

/// <summary>Filters of lists, and the everyday questions that are built on them.</summary>
internal sealed class QueryTests(ConformanceSubject subject) : ConformanceFixture(subject)
{
    private static readonly TokenQueryFilters[] Filters = [.. Enum.GetValues<TokenQueryFilters>().Where(filter => filter != TokenQueryFilters.None)];

    [TestCaseSource(nameof(Filters))]
    public async Task A_filter_filters_or_is_refused_as_the_card_says(TokenQueryFilters filter)
    {
        var mine = Issue(token => (token.Roles, token.LastUsedAt) = (["operator"], Ago(days: 1)));
        var theirs = Issue(token => (token.OwnerId, token.OwnerName, token.Roles, token.LastUsedAt) = (Subject.OtherOwner, "other", ["auditor"], Ago(days: 90)));
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

        if (Card.Filters.HasFlag(filter))
        {
            Assert.That(await Client.ListAsync(query).Select(token => token.Id).ToListAsync(), Is.EquivalentTo(expected.Select(token => token.Id)));
        }
        else
        {
            Assert.That(() => Client.ListAsync(query), Throws.TypeOf<TokenOperationNotSupportedException>().With.Property("Reason").Not.Empty);
            Assert.That(async () => await Client.ReadPageAsync(query), Throws.TypeOf<TokenOperationNotSupportedException>());
            Assert.That(Stage.Requests, Is.EqualTo(requests), "Something was sent.");
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void A_page_of_no_size_is_refused(int size)
    {
        var refusal = Card.Filters.HasFlag(TokenQueryFilters.PageSize) ? typeof(ArgumentOutOfRangeException) : typeof(TokenOperationNotSupportedException);

        Assert.That(() => Client.ListAsync(new TokenQuery { PageSize = size }), Throws.InstanceOf(refusal));
        Assert.That(Stage.Requests, Is.Zero);
    }

    [Test]
    public async Task Tokens_are_found_by_name()
    {
        if (!ListsOrRefuses())
            return;
        Issue(token => token.Name = "deploy");
        var found = Issue(token => token.Name = "Deploy");
        Issue(token => token.Name = "Deploy 2");

        Assert.That(await Client.FindByNameAsync("Deploy").Select(token => token.Id).ToListAsync(), Is.EqualTo(new[] { found.Id }));
    }

    [Test]
    public async Task Tokens_that_end_soon_are_found()
    {
        if (!ListsOrRefuses())
            return;
        var ended = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        var soon = Issue(token => token.ExpiresAt = Clock.GetUtcNow() + Lifetime);
        Issue(token => token.ExpiresAt = Clock.GetUtcNow() + (2 * Lifetime));
        Issue();
        Clock.Advance(TimeSpan.FromMinutes(5));

        var found = await Client.ListExpiringBeforeAsync(Clock.GetUtcNow() + Lifetime).Select(token => token.Id).ToListAsync();

        Assert.That(found, Is.EqualTo(Shows(TokenMembers.ExpiresAt) ? new[] { ended.Id, soon.Id } : []));
    }

    [Test]
    public async Task Tokens_that_are_surely_unused_are_found()
    {
        if (!Can(TokenOperation.List) || Card.LastUsedGranularity is not { } granularity)
        {
            Assert.That(() => Client.ListUnusedSinceAsync(Clock.GetUtcNow()), Throws.TypeOf<TokenOperationNotSupportedException>());
            return;
        }

        var instant = Ago(days: 30);
        var unused = Issue(token => (token.CreatedAt, token.LastUsedAt) = (Ago(days: 99), instant - granularity));
        var never = Issue(token => token.CreatedAt = Ago(days: 99));
        Issue(token => (token.CreatedAt, token.LastUsedAt) = (Ago(days: 99), instant - granularity + TimeSpan.FromSeconds(1)));
        Issue(token => token.CreatedAt = Ago(days: 1));

        var found = await Client.ListUnusedSinceAsync(instant).Select(token => token.Id).ToListAsync();

        Assert.That(found, Is.EquivalentTo(new[] { unused.Id, never.Id }));
    }

    private DateTimeOffset Ago(int days) => Clock.GetUtcNow().AddDays(-days);
}
