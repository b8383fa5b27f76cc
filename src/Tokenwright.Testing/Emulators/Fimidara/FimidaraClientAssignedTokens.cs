using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Emulates the client-assigned tokens, which have a key that the caller chooses and can expire.</summary>
internal sealed class FimidaraClientAssignedTokens(FimidaraEmulator emulator)
    : FimidaraTokensOf2022(emulator, FimidaraEmulator.ClientAssignedToken)
{
    private const int LongestKey = 300;

    public override string Path => "/clientAssignedTokens";

    public override string OptionValue => "ClientAssignedToken";

    protected override string Title => "Client assigned token";

    protected override string AgentType => "client-assigned-token";

    protected override string SubjectType => "client";

    protected override bool NameRequired => false;

    protected override string NothingNamed => "Client assigned token ID or providedResourceId not set";

    public override void AddExamples()
    {
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

    // A key that exists already identifies its token.
    protected override EmulatedToken? Existing(string? key)
        => string.IsNullOrEmpty(key) ? null : Kept.FirstOrDefault(token => token.Key == key);

    // The server's types and documents allow get and delete by key, but its validation doesn't.
    protected override FimidaraSelector SelectorOf(FimidaraInput input, bool isUpdate = false)
    {
        if (!isUpdate && !IsDocumented)
            return base.SelectorOf(input, isUpdate);
        return new(input.Id("workspaceId", FimidaraTextRules.AllowNull), input.Id("tokenId", FimidaraTextRules.AllowNull),
            input.Text("providedResourceId", LongestKey, FimidaraTextRules.AllowNull), input.Flag("onReferenced", nullAllowed: true));
    }

    protected override FimidaraChange ChangeOf(FimidaraInput token, FimidaraTextRules nameRules)
    {
        var key = token.Text("providedResourceId", LongestKey, FimidaraTextRules.AllowNull);
        return base.ChangeOf(token, nameRules) with { Key = key, Expires = token.Iso("expires", numberAllowed: IsDocumented) };
    }

    protected override void Show(JsonObject shown, EmulatedToken token)
    {
        shown["providedResourceId"] = token.Key;
        shown["issuedAt"] = EmulatorJson.Time(token.CreatedAt);
        RecordOf(token).Show(
            shown, "expires", IsDocumented ? token.ExpiresAt?.ToUnixTimeMilliseconds() : EmulatorJson.Time(token.ExpiresAt));
        if (IsDocumented)
            shown["version"] = 1;
    }
}
