using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Emulates the program access tokens, which have no key and never expire.</summary>
internal sealed class FimidaraProgramAccessTokens(FimidaraEmulator emulator, TokenKind kind, FimidaraGeneration generation)
    : FimidaraOlderTokens(emulator, kind, generation)
{
    protected override string Resource => "programAccessTokens";

    protected override string OptionValueOf2022 => "ProgramAccessToken";

    protected override string IdPrefix => "pgacstn";

    // The server checks the grant to read, not to update.
    protected override FimidaraActions UpdateRequires => FimidaraActions.Read;

    protected override string Title => "Program access token";

    protected override string AgentType => "program-access-token";

    protected override string SubjectType => "program";

    protected override bool NameRequired => true;

    protected override string NothingNamed => "Program access token ID not provided";

    public override void AddExamples()
    {
        var token = new EmulatedToken { Kind = Kind, Name = "prog", Description = "p" };
        if (IsOf2023)
        {
            (token.Id, token.CreatedAt) =
                ("pgacstn_GPzaJB8ir60jKUyYmFdnV", DateTimeOffset.FromUnixTimeMilliseconds(1795380285178));
            AddExample(token, "2026-11-22T20:44:45.185Z", "permgrp_kPHJF0NR1x2KpdRqTzpnw");
        }
        else
        {
            (token.Id, token.CreatedAt) = ("AhuCEg-T6VE909iSG2tnk", DateTimeOffset.FromUnixTimeMilliseconds(1795380057366));
            AddExample(token, "2026-11-22T20:40:57.375Z", "GCyH17elCImfBfQXmC0m0");
        }
    }

    // In 2022, only the list shows the groups of a program access token.
    protected override JsonObject ShownAlone(EmulatedToken token)
    {
        var shown = Shown(token);
        if (!IsDocumented && !IsOf2023)
            shown["permissionGroups"] = new JsonArray();
        return shown;
    }
}
