using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Emulates the client-assigned tokens, which have a key that the caller chooses and can expire.</summary>
internal sealed class FimidaraClientAssignedTokens(FimidaraEmulator emulator, TokenKind kind, FimidaraGeneration generation)
    : FimidaraOlderTokens(emulator, kind, generation)
{
    private int LongestKey => IsOf2023 ? 50 : 300;

    protected override string Resource => "clientAssignedTokens";

    protected override string OptionValueOf2022 => "ClientAssignedToken";

    protected override string IdPrefix => "clasgtn";

    protected override string Title => "Client assigned token";

    protected override string AgentType => "client-assigned-token";

    protected override string SubjectType => "client";

    protected override bool NameRequired => false;

    protected override string NothingNamed => "Client assigned token ID or providedResourceId not set";

    public override void AddExamples()
    {
        if (IsOf2023)
        {
            AddExamplesOf2023();
            return;
        }

        AddExample(new EmulatedToken { Kind = Kind, Id = "KdI9pbimqfxLaI3KU8F2k", Name = "admin client",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380056655) }, "2026-11-22T20:40:56.670Z", "GCyH17elCImfBfQXmC0m0");
        var token = new EmulatedToken
        {
            Kind = Kind,
            Id = "N1ec97hk3PaUOOTAmgUeH",
            Name = "My Token",
            Description = "second call",
            Key = "user-42",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380056267),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380056304),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(1795466456232),
        };
        AddExample(token, "2026-11-22T20:40:56.281Z", "2DY3k5J3tOC2lTkkByk34", "hGBqtFVk5oBDpVvtQC365");
    }

    private void AddExamplesOf2023()
    {
        AddExample(new EmulatedToken { Kind = Kind, Id = "clasgtn_V-wD6mnV80IiOwxNLMcJA", Name = "admin client",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380284344) }, "2026-11-22T20:44:44.350Z",
            "permgrp_kPHJF0NR1x2KpdRqTzpnw");
        AddExample(
            new EmulatedToken
            {
                Kind = Kind,
                Id = "clasgtn__UuNKJ3ZuPzRAyAmPPkzG",
                Name = "My Token",
                Description = "second call",
                Key = "user-42",
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380283968),
                UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380283992),
                ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(1795466683936),
            },
            "2026-11-22T20:44:43.976Z", "permgrp_sZR-m6GqY-a2WExgI4HkK", "permgrp_1pnDOqQt_eyQcZux9kEph");
    }

    // A key that exists already identifies its token.
    protected override EmulatedToken? Existing(string? key)
        => string.IsNullOrEmpty(key) ? null : Kept.FirstOrDefault(token => token.Key == key);

    // The server's types and documents allow get and delete by key, but its validation doesn't.
    protected override FimidaraSelector SelectorOf(FimidaraInput input, bool isUpdate = false)
    {
        if (!isUpdate && !IsDocumented)
            return base.SelectorOf(input, isUpdate);
        return new(IdOf(input, "workspaceId", FimidaraTextRules.AllowNull), IdOf(input, "tokenId", FimidaraTextRules.AllowNull),
            input.Text("providedResourceId", LongestKey, FimidaraTextRules.AllowNull), input.Flag("onReferenced", nullAllowed: true));
    }

    protected override FimidaraChange ChangeOf(FimidaraInput token, FimidaraTextRules nameRules)
    {
        var key = token.Text("providedResourceId", LongestKey, FimidaraTextRules.AllowNull);
        return base.ChangeOf(token, nameRules) with { Key = key, Expires = token.Iso("expires", numberAllowed: IsDocumented && !IsOf2023) };
    }

    protected override void Show(JsonObject shown, EmulatedToken token)
    {
        shown["providedResourceId"] = token.Key;
        var isNumber = IsDocumented && !IsOf2023;
        RecordOf(token).Show(
            shown, "expires", isNumber ? token.ExpiresAt?.ToUnixTimeMilliseconds() : EmulatorJson.Time(token.ExpiresAt));
        if (!IsOf2023)
            shown["issuedAt"] = EmulatorJson.Time(token.CreatedAt);
        if (isNumber)
            shown["version"] = 1;
    }
}
