using Tokenwright.Fimidara.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Tests of what the fimidara emulator does for the 2023 generation and for permission groups.</summary>
internal sealed class FimidaraEmulator2023Tests : FimidaraEmulatorFixture
{
    private const string AdminGroup2022 = "GCyH17elCImfBfQXmC0m0";
    private const string AdminGroup2023 = "permgrp_kPHJF0NR1x2KpdRqTzpnw";

    private static readonly TokenKind[] Kinds = [FimidaraEmulator.ClientAssignedToken2023, FimidaraEmulator.ProgramAccessToken2023];

    private static readonly TokenKind[] AllKinds =
    [
        FimidaraEmulator.AgentToken, FimidaraEmulator.ClientAssignedToken, FimidaraEmulator.ProgramAccessToken,
        FimidaraEmulator.ClientAssignedToken2023, FimidaraEmulator.ProgramAccessToken2023,
    ];

    [TestCaseSource(nameof(Kinds))]
    public async Task X1_it_pages_2500_tokens(TokenKind kind)
    {
        _emulator.Clear();
        for (var i = 0; i < 2500; i++)
            _emulator.Add(new EmulatedToken { Kind = kind });
        using var client = Client(kind);

        var ids = await client.ListAsync().Select(token => token.Id).ToListAsync();

        Assert.That(ids, Has.Count.EqualTo(2500).And.Unique);
        Assert.That(_emulator.Requests, Has.Count.EqualTo(4), "three pages, and one that is empty");
    }

    // Numbers outside the range are changed. The documents state the range.
    [TestCase("""{"page":-1,"pageSize":2}""", 0, 2)]
    [TestCase("""{"page":1,"pageSize":2}""", 1, 1)]
    [TestCase("""{"pageSize":0}""", 0, 1)]
    [TestCase("""{"page":0,"pageSize":5000}""", 0, 3)]
    public async Task X1_numbers_of_pages_outside_the_range_are_changed(string body, int page, int count)
    {
        using var documented = NewEmulator(EmulatorBehaviour.Documented);
        foreach (var emulator in new[] { _emulator, documented })
        {
            emulator.Clear();
            for (var i = 0; i < 3; i++)
                emulator.Add(new EmulatedToken { Kind = FimidaraEmulator.ClientAssignedToken2023 });
        }

        var jwt = _emulator.Tokens[0].Secret!.Reveal();
        var live = await Ask(_emulator, "POST", "/v1/clientAssignedTokens/getWorkspaceTokens", jwt, body);
        var byTheDocuments = await Ask(documented, "POST", "/v1/clientAssignedTokens/getWorkspaceTokens",
            documented.Tokens[0].Secret!.Reveal(), body);

        Assert.That((live.Status, (int)live.Body["page"]!, live.Body["tokens"]!.AsArray().Count), Is.EqualTo((200, page, count)));
        Assert.That(byTheDocuments.Status, Is.EqualTo(page == 1 ? 200 : 400));
    }

    [Test]
    public async Task X1_X2_records_of_2023_differ_from_those_of_2022()
    {
        using var client = Client(FimidaraEmulator.ClientAssignedToken2023);
        using var program = Client(FimidaraEmulator.ProgramAccessToken2023);
        var (status, body) = await Ask(_emulator, "POST", "/v1/clientAssignedTokens/getToken",
            _emulator.SettingsFor(FimidaraEmulator.ClientAssignedToken2023)["Token"], """{"tokenId":"clasgtn__UuNKJ3ZuPzRAyAmPPkzG"}""");

        var token = body["token"]!.AsObject();
        Assert.That((status, token.ContainsKey("issuedAt"), token.ContainsKey("tags")), Is.EqualTo((200, false, false)));
        Assert.That((string?)token["permissionGroups"]![0]!["assignedBy"]!["_id"], Has.Length.EqualTo(24));
        Assert.That((await client.CreateAsync(new() { Expiry = TokenExpiry.Never })).Token.Id, Does.StartWith("clasgtn_"));
        var issued = await program.CreateAsync(new()
        {
            Name = "with a group",
            Expiry = TokenExpiry.Never,
            Raw = new NewProgramAccessTokenInput
                { PermissionGroups = [new PermissionGroupInput { PermissionGroupId = AdminGroup2023 }] },
        });
        Assert.That(issued.Token.Id, Does.StartWith("pgacstn_"));
        Assert.That(((ProgramAccessToken)(await program.GetAsync(TokenReference.ById(issued.Token.Id!))).Raw!).PermissionGroups,
            Has.Count.EqualTo(1), "F17 is of 2022 only");
    }

    // Each generation has a server of its own.
    [TestCase("/clientAssignedTokens", AdminGroup2022, 401)]
    [TestCase("/v1/clientAssignedTokens", AdminGroup2023, 200)]
    [TestCase("/v1/agentTokens", "", 401)]
    public async Task A_token_of_2023_is_accepted_by_its_own_generation_only(string path, string group, int status)
    {
        var token = _emulator.Add(new EmulatedToken
            { Kind = FimidaraEmulator.ClientAssignedToken2023, Secret = new TokenSecret("own"), Roles = group.Length > 0 ? [group] : [] });

        var (got, _) = await SendAsync("POST", path + "/getToken", """{"onReferenced":true}""",
            ("Authorization", $"Bearer {token.Secret!.Reveal()}"), _emulator);

        Assert.That(got, Is.EqualTo(status));
    }

    [Test]
    public async Task Documented_behaviour_of_X6()
    {
        using var emulator = NewEmulator(EmulatorBehaviour.Documented);
        var jwt = emulator.SettingsFor(FimidaraEmulator.ClientAssignedToken2023)["Token"];
        var ask = $$"""{"workspaceId":"{{WorkspaceOf2023}}","providedResourceId":"user-42"}""";

        var byTheDocuments = await Ask(emulator, "POST", "/v1/clientAssignedTokens/getToken", jwt, ask);
        var live = await Ask(_emulator, "POST", "/v1/clientAssignedTokens/getToken", jwt, ask);

        Assert.That((byTheDocuments.Status, live.Status), Is.EqualTo((200, 400)));
        Assert.That((string?)byTheDocuments.Body["token"]!["expires"], Is.EqualTo("2026-11-23T20:44:43.936Z"));
        Assert.That(byTheDocuments.Body["token"]!.AsObject().ContainsKey("version"), Is.False);
    }

    // A token without a group is refused as recorded, and one with the administrators' group is not.
    [TestCaseSource(nameof(AllKinds))]
    public async Task Permission_groups_decide_what_a_token_may_do(TokenKind kind)
    {
        _emulator.Grants = new Dictionary<string, FimidaraActions> { ["permgrp_admins"] = FimidaraActions.All };
        var none = _emulator.Add(new EmulatedToken { Kind = kind, Name = "noperm" });
        var admin = _emulator.Add(new EmulatedToken { Kind = kind, Name = "admin", Roles = ["permgrp_admins"] });
        using var denied = Client(kind, none.Secret);
        using var granted = Client(kind, admin.Secret);
        using var user = Client(kind);
        var create = new CreateTokenRequest { Name = "new", Expiry = TokenExpiry.Never };
        var itself = TokenReference.ById(none.Id!);

        Assert.That(() => denied.CreateAsync(create), Refused());
        Assert.That(() => denied.GetAsync(itself), Refused());
        Assert.That(() => denied.UpdateAsync(itself, new() { Description = "d" }), Refused());
        Assert.That(() => denied.RevokeAsync(itself), Refused());
        if (kind == FimidaraEmulator.AgentToken)
            Assert.That(await denied.ListAsync().ToListAsync(), Is.Empty, "V9");
        else
            Assert.That(async () => await denied.ListAsync().ToListAsync(), Refused());

        var issued = await granted.CreateAsync(create);
        Assert.That((await granted.GetAsync(itself)).Name, Is.EqualTo("noperm"));
        Assert.That((await granted.UpdateAsync(itself, new() { Description = "d" })).Description, Is.EqualTo("d"));
        Assert.That(await granted.ListAsync().Select(token => token.Name).ToListAsync(), Does.Contain("noperm"));
        await granted.RevokeAsync(TokenReference.ById(issued.Token.Id!));
        Assert.That((await user.GetAsync(itself)).Name, Is.EqualTo("noperm"), "a user's session may do everything");
    }

    [Test]
    public async Task Each_group_grants_its_own_actions()
    {
        _emulator.Grants = new Dictionary<string, FimidaraActions>
        {
            [AdminGroup2023] = FimidaraActions.All,
            ["permgrp_readers"] = FimidaraActions.Read,
            ["permgrp_writers"] = FimidaraActions.Create | FimidaraActions.Update,
        };
        using var user = Client(FimidaraEmulator.ClientAssignedToken2023);
        var issued = await user.CreateAsync(new() { Name = "reader", Expiry = TokenExpiry.Never, Raw = Groups("permgrp_readers") });
        using var reader = Client(FimidaraEmulator.ClientAssignedToken2023, issued.Secret);
        var program = _emulator.Add(
            new EmulatedToken { Kind = FimidaraEmulator.ProgramAccessToken2023, Name = "program reader", Roles = ["permgrp_readers"] });
        using var programReader = Client(FimidaraEmulator.ProgramAccessToken2023, program.Secret);

        Assert.That((await reader.GetAsync(TokenReference.Self)).Name, Is.EqualTo("reader"));
        Assert.That(await reader.ListAsync().CountAsync(), Is.EqualTo(3));
        Assert.That(() => reader.UpdateAsync(TokenReference.Self, new() { Description = "d" }), Refused());
        Assert.That((await programReader.UpdateAsync(TokenReference.Self, new() { Description = "d" })).Description, Is.EqualTo("d"),
            "the server checks the grant to read");
        Assert.That(() => programReader.RevokeAsync(TokenReference.Self), Refused());

        await user.UpdateAsync(TokenReference.ById(issued.Token.Id!), new() { Raw = Groups("permgrp_readers", "permgrp_writers") });
        Assert.That((await reader.UpdateAsync(TokenReference.Self, new() { Description = "d" })).Description, Is.EqualTo("d"));
        Assert.That(() => reader.RevokeAsync(TokenReference.Self), Refused());
        Assert.That(
            () => user.UpdateAsync(TokenReference.ById(issued.Token.Id!), new() { Raw = Groups("permgrp_unknown") }),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("PermissionGroup permissions group not found"));
    }

    private static NewClientAssignedTokenInput Groups(params string[] ids)
        => new() { PermissionGroups = [.. ids.Select(id => new PermissionGroupInput { PermissionGroupId = id })] };

    private static NUnit.Framework.Constraints.ContainsConstraint Refused()
        => Throws.TypeOf<TokenPermissionException>().With.Message.Contains("Permission denied");
}
