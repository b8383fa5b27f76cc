using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Emulates the program access tokens, which have no key and never expire.</summary>
internal sealed class FimidaraProgramAccessTokens(FimidaraEmulator emulator)
    : FimidaraTokensOf2022(emulator, FimidaraEmulator.ProgramAccessToken)
{
    public override string Path => "/programAccessTokens";

    public override string OptionValue => "ProgramAccessToken";

    protected override string Title => "Program access token";

    protected override string AgentType => "program-access-token";

    protected override string SubjectType => "program";

    protected override bool NameRequired => true;

    protected override string NothingNamed => "Program access token ID not provided";

    public override void AddExamples() => AddExample(
        new EmulatedToken { Kind = Kind, Id = "AhuCEg-T6VE909iSG2tnk", Name = "prog", Description = "p",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380057366) }, "2026-11-22T20:40:57.375Z", "GCyH17elCImfBfQXmC0m0");

    // Only the list shows the groups of a program access token.
    protected override JsonObject ShownAlone(EmulatedToken token)
    {
        var shown = Shown(token);
        if (!IsDocumented)
            shown["permissionGroups"] = new JsonArray();
        return shown;
    }
}
