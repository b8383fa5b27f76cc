using Tokenwright.CrashTests.Victim;

namespace Tokenwright.CrashTests;

/// <summary>The code of docs/unknown-outcomes.md that stands in no program, so that the compiler reads it; it is not run.</summary>
internal static class UnknownOutcomesPage
{
    internal static async Task<IssuedToken> SayWhatToDoAsync(ITokenClient tokens)
    {
        var issued = await tokens.CreateAsync(new CreateTokenRequest
        {
            Name = "build server",
            Roles = [new("auditor")],
            IfOutcomeUnknown = UnknownOutcomeAction.RevokeStrayAndCreateAgain,
        });
        return issued;
    }

    internal static async Task HandleAsync(ITokenClient tokens, CreateTokenRequest request, Action<IssuedToken> store, Action<string> alert)
    {
        try
        {
            store(await tokens.CreateAsync(request));
        }
        catch (TokenOutcomeUnknownException unknown) when (unknown.IsStrayRevoked)
        {
            // Nothing is left behind: try again later.
        }
        catch (TokenOutcomeUnknownException unknown)
        {
            alert(unknown.Message); // what is known, and what to do
        }
    }

    internal static async Task SurviveAsync(ITokenClient tokens, ISecretStore vault, Action<string> log)
    {
        var issuer = new JournaledTokenIssuer(
            tokens,
            name => new CreateTokenRequest { Name = name, Roles = [new("auditor")], IfOutcomeUnknown = UnknownOutcomeAction.RevokeStrayAndCreateAgain },
            vault,
            "/var/lib/issuer/journal",
            TimeProvider.System);

        await issuer.RecoverAsync(recovered => log($"{recovered.Name}: {recovered.Resolution?.Remark ?? recovered.Failure!.Message}"));
        await issuer.IssueAsync($"build server {Guid.NewGuid():N}");
    }
}
