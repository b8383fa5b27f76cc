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
            return;
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
    public async Task Names_come_as_they_are(string name)
    {
        var kept = Issue(token => (token.Name, token.Description, token.OwnerName) = (name, name, name));

        AssertShown(await GetAsync(kept), kept);
        if (!ListsOrRefuses())
            return;
        AssertShown(await Client.ListAsync().SingleAsync(), kept);
        if (Can(TokenOperation.Create) && name.Length > 0)
        {
            var issued = await Client.CreateAsync(Subject.Request(name + "2", TokenExpiry.After(Lifetime)));
            AssertShown(issued.Token, Stage.Tokens[^1]);
            Assert.That(Stage.Tokens[^1].Name, Is.EqualTo(name + "2"));
        }
    }
}
