using System.Text.Json.Nodes;

namespace Tokenwright.ConformanceTests;

/// <summary>Records that are odd: nothing is lost by mapping, and nothing throws.</summary>
internal sealed class ReadingTests(ConformanceSubject subject) : ConformanceFixture(subject)
{
    [Test]
    public async Task Unknown_members_are_kept()
    {
        var kept = Issue(token => token.Extra = (JsonObject)JsonNode.Parse("""{"futureField":{"a":[1,null,"ü"]},"futureFlag":true}""")!);

        var unknown = (await GetAsync(kept)).UnknownFields;

        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(unknown["futureField"]), kept.Extra!["futureField"]), Is.True);
        Assert.That(unknown["futureFlag"], Is.EqualTo("true"));
        if (!ListsOrRefuses())
            return;
        Assert.That((await Client.ListAsync(new TokenQuery { IncludeRaw = true }).SingleAsync()).UnknownFields, Is.EquivalentTo(unknown));
        Assert.That((await Client.ListAsync().SingleAsync()).UnknownFields, Is.Empty);
    }

    [Test]
    public async Task A_value_that_cannot_be_read_is_null_and_kept()
    {
        if (Subject.Unreadable is not { } unreadable)
        {
            Assert.That(Subject.IsVendor, Is.False);
            return;
        }

        var kept = Issue(token => token.Extra = new JsonObject { [unreadable.Name] = JsonNode.Parse(unreadable.Json) });

        var shown = await GetAsync(kept);

        Assert.That((shown.CreatedAt, shown.UnknownFields.GetValueOrDefault(unreadable.Name)), Is.EqualTo(((DateTimeOffset?)null, unreadable.Json)));
    }

    [Test]
    public async Task Times_are_instants_in_UTC()
    {
        var kept = Issue(token =>
        {
            token.CreatedAt = new DateTimeOffset(2026, 11, 23, 23, 30, 0, new TimeSpan(-9, -30, 0));
            token.ExpiresAt = new DateTimeOffset(2026, 11, 29, 5, 30, 0, new TimeSpan(5, 30, 0));
        });

        var shown = await GetAsync(kept);

        AssertShown(shown, kept);
        Assert.That(new[] { shown.CreatedAt, shown.UpdatedAt, shown.ExpiresAt, shown.LastUsedAt }.Where(time => time is not null).Select(time => time!.Value.Offset), Has.All.EqualTo(TimeSpan.Zero));
    }

    [TestCase("")]
    [TestCase("ключ 鍵 🔑 e\u0301")]
    [TestCase("\"quotes\" 'and' \\slashes/ <b>&amp;</b> %2F ?a=b#c + {0}")]
    public async Task Texts_come_as_they_are(string text)
    {
        var kept = Issue(token => (token.Name, token.Description, token.OwnerName) = (text, text, text));

        AssertShown(await GetAsync(kept), kept);
        if (ListsOrRefuses())
            AssertShown(await Client.ListAsync().SingleAsync(), kept);
    }

    // Which names a vendor takes is its own affair; to change one on its way is not.
    [TestCase("ключ 鍵 🔑 e\u0301")]
    [TestCase("\"quotes\" 'and' \\slashes/ <b>&amp;</b> %2F ?a=b#c + {0}")]
    [TestCase("")]
    public async Task A_name_is_kept_as_it_was_given_or_refused(string name)
    {
        if (!Can(TokenOperation.Create))
        {
            AssertRefused(TokenOperation.Create);
            return;
        }

        try
        {
            var issued = await Client.CreateAsync(Subject.Request(name, TokenExpiry.After(Lifetime)));
            var kept = Stage.Tokens.Single();
            AssertIssued(issued, kept);
            if (Shows(TokenMembers.Name))
                Assert.That(kept.Name, Is.EqualTo(name));
        }
        catch (TokenInvalidRequestException refusal)
        {
            Assert.That(refusal.Problems.Single().Field, Is.EqualTo(nameof(CreateTokenRequest.Name)));
            Assert.That(Stage.Requests, Is.Zero);
        }
    }
}
