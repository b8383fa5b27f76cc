using System.Text.Json.Nodes;

namespace Tokenwright.Testing.Conformance;

/// <summary>Checks unusual records: the mapping must lose nothing, and must not throw.</summary>
internal sealed class RecordCases(ConformanceSubject subject) : ConformanceRun(subject)
{
    [Case]
    public async Task Unknown_members_are_kept()
    {
        var kept = Issue(token => token.Extra = (JsonObject)JsonNode.Parse("""{"futureField":{"a":[1,null,"ü"]},"futureFlag":true}""")!);

        var unknown = (await GetAsync(kept)).UnknownFields;

        Expect.True(JsonNode.DeepEquals(JsonNode.Parse(unknown["futureField"]), kept.Extra!["futureField"]));
        Expect.Equal(unknown["futureFlag"], "true");
        if (!await ListsOrRefuses())
            return;
        Expect.SameItems((await Client.ListAsync(new TokenQuery { IncludeRaw = true }).ReadAllAsync()).Single().UnknownFields, unknown);
        Expect.True((await Client.ListAsync().ReadAllAsync()).Single().UnknownFields.Count == 0);
    }

    [Case]
    public async Task A_value_that_cannot_be_read_is_null_and_kept()
    {
        if (Subject.Unreadable is not { } unreadable)
            return;

        var kept = Issue(token => token.Extra = new JsonObject { [unreadable.Name] = JsonNode.Parse(unreadable.Json) });

        var shown = await GetAsync(kept);

        Expect.Equal((shown.CreatedAt, shown.UnknownFields.GetValueOrDefault(unreadable.Name)), ((DateTimeOffset?)null, unreadable.Json));
    }

    [Case("\"never\"")]
    [Case("\"\"")]
    [Case("{}")]
    [Case("99999999999999999999")]
    public async Task An_expiry_that_cannot_be_read_makes_the_state_unknown(string json)
    {
        if (Subject.ExpiryMember is not { } member)
            return;
        var kept = Issue(token => token.Extra = new JsonObject { [member] = JsonNode.Parse(json) });

        List<ApiToken> all = [await GetAsync(kept)];
        if (await ListsOrRefuses())
            all.Add((await Client.ListAsync().ReadAllAsync()).Single());

        foreach (var shown in all)
        {
            Expect.Equal((shown.State, shown.ExpiresAt, shown.NeverExpires, shown.Unreadable),
                (TokenState.Unknown, (DateTimeOffset?)null, false, TokenFields.Expiry));
            Expect.Equal(shown.UnknownFields.GetValueOrDefault(member), json);
        }
    }

    [Case("\"0001-01-01T00:00:00Z\"")]
    [Case("\"1970-01-01T00:00:00Z\"")]
    [Case("0")]
    public async Task A_time_that_is_zero_is_no_last_use(string json)
    {
        if (Subject.LastUseMember is not { } member)
            return;
        var kept = Issue(token => token.Extra = new JsonObject { [member] = JsonNode.Parse(json) });

        Expect.Equal(((await GetAsync(kept)).LastUsedAt, (await GetAsync(kept)).Unreadable), ((DateTimeOffset?)null, TokenFields.None));
    }

    [Case]
    public async Task A_last_use_before_there_were_tokens_is_none()
    {
        var kept = Issue(token => token.LastUsedAt = DateTimeOffset.UnixEpoch);

        Expect.Equal((await GetAsync(kept)).LastUsedAt, null);
    }

    [Case]
    public async Task Times_are_instants_in_UTC()
    {
        var kept = Issue(token =>
        {
            token.CreatedAt = new DateTimeOffset(2026, 11, 23, 23, 30, 0, new TimeSpan(-9, -30, 0));
            token.ExpiresAt = new DateTimeOffset(2026, 11, 29, 5, 30, 0, new TimeSpan(5, 30, 0));
        });

        var shown = await GetAsync(kept);

        AssertShown(shown, kept);
        Expect.True(new[] { shown.CreatedAt, shown.UpdatedAt, shown.ExpiresAt, shown.LastUsedAt }
            .All(time => time is null || time.Value.Offset == TimeSpan.Zero));
    }

    [Case("")]
    [Case("ключ 鍵 🔑 e\u0301")]
    [Case("\"quotes\" 'and' \\slashes/ <b>&amp;</b> %2F ?a=b#c + {0}")]
    public async Task Texts_come_as_they_are(string text)
    {
        var kept = Issue(token => (token.Name, token.Description, token.OwnerName) = (text, text, text));

        AssertShown(await GetAsync(kept), kept);
        if (await ListsOrRefuses())
            AssertShown((await Client.ListAsync().ReadAllAsync()).Single(), kept);
    }

    // The vendor decides which names it accepts, but the client must not change a name.
    [Case("ключ 鍵 🔑 e\u0301")]
    [Case("\"quotes\" 'and' \\slashes/ <b>&amp;</b> %2F ?a=b#c + {0}")]
    [Case("")]
    public async Task A_name_is_kept_as_it_was_given_or_refused(string name)
    {
        if (!Can(TokenOperation.Create))
        {
            await AssertRefused(TokenOperation.Create);
            return;
        }

        try
        {
            var issued = await Client.CreateAsync(Subject.Request(name, TokenExpiry.After(Lifetime)));
            var kept = Stage.Tokens.Single();
            AssertIssued(issued, kept);
            if (Shows(TokenMembers.Name))
                Expect.Equal(kept.Name, name);
        }
        catch (TokenInvalidRequestException refusal)
        {
            Expect.Equal(refusal.Problems.Single().Field, nameof(CreateTokenRequest.Name));
            Expect.Equal(Stage.Requests, 0);
        }
    }
}
