// Issues a token at each vendor that can, uses it, validates it, revokes it, and shows that it no longer works.
//
//   dotnet run --project samples/IssueAndRevoke                          against emulators of all five vendors, no account needed
//   dotnet run --project samples/IssueAndRevoke -- --config my.json      against real accounts: it issues real tokens there, for an hour
//
// VMware issues a token only with the id token of a browser sign-in. For a real account, set VMWARE_ID_TOKEN.
// Exit status: 0 if every token worked and was revoked, 1 if at least one wasn't, 2 if the arguments or the configuration are wrong.

using IssueAndRevoke;
using Microsoft.Extensions.Options;
using Spectre.Console;
using Tokenwright;
using Tokenwright.Samples;

try
{
    await using var connections = new Connections(Arguments.Parse(args));
    var table = new Table().Border(TableBorder.Rounded)
        .AddColumns("Vendor", "Connection", "Issued", "Works", "Validated", "Revoked", "Validated again", "Works now");
    if (Console.IsOutputRedirected)
        AnsiConsole.Profile.Width = 200;
    var allDied = true;
    foreach (var connection in connections.All)
    {
        string[] cells;
        try
        {
            var life = await LiveAndDieAsync(connections.Client(connection), connections.AreEmulated);
            allDied &= life is { WorkedBefore: true, WorksAfter: false };
            cells = [life.Name, life.WorkedBefore ? "yes" : "no", life.Before.ToString(), life.End.ToString(), life.After.ToString(),
                life.WorksAfter ? "yes" : "no"];
        }
        catch (Exception failure) when (failure is TokenClientException or OptionsValidationException)
        {
            allDied = false;
            cells = [$"failed: {failure.Message}", "", "", "", "", ""];
        }

        table.AddRow([connection.Vendor, connection.Name, .. cells.Select(Markup.Escape)]);
    }

    AnsiConsole.Write(table);
    return allDied ? 0 : 1;
}
catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}

static async Task<Life> LiveAndDieAsync(ITokenClient client, bool isEmulated)
{
    var issued = await client.CreateAsync(Requests.For(client.Metadata.Vendor, "tokenwright-sample", isEmulated));
    var byValue = client.Metadata.Capabilities[TokenOperation.Validate].References.HasFlag(TokenReferenceKinds.IdAndSecret)
        ? TokenReference.ByIdAndSecret(issued.Token.Id!, issued.Secret)
        : TokenReference.BySecret(issued.Secret);
    var worked = await Requests.WorksAsync(client, issued);
    var before = await client.ValidateAsync(byValue);

    var revocable = client.Metadata.Capabilities[TokenOperation.Revoke].References.HasFlag(TokenReferenceKinds.Id)
        && issued.Token.Id is { } id
        ? TokenReference.ById(id)
        : TokenReference.BySecret(issued.Secret);
    var revocation = await client.RevokeAsync(revocable);
    var after = await client.ValidateAsync(byValue);
    return new Life(issued.Token.Name ?? issued.Token.Description ?? "–", worked, before.Verdict, revocation.Outcome, after.Verdict,
        await Requests.WorksAsync(client, issued));
}

internal sealed record Life(
    string Name, bool WorkedBefore, TokenVerdict Before, RevocationOutcome End, TokenVerdict After, bool WorksAfter);
