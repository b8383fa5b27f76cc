using System.CommandLine;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>revoke</c>, which revokes tokens.</summary>
internal static class RevokeCommand
{
    public static Command Create()
    {
        var bulk = new BulkChange();
        var command = new Command(
            "revoke",
            """
            Revokes tokens permanently, as far as the vendor allows it. The receipt says what was done.
            With many tokens, a failure doesn't stop the rest, and an interrupted run continues where it was.

            Examples:
              tokenwright revoke 7 -c storage
              tokenwright revoke --secret file:leaked.txt -c network --yes
              tokenwright revoke --from-file ids.txt -c identity --yes
              tokenwright revoke --from-file leaked-secrets.txt --secrets -c cloud --dry-run
            """);
        bulk.AddTo(command);
        return command.Does(
            invocation => bulk.RunAsync(invocation, TokenOperation.Revoke, "Revoke", async (connection, token, cancellationToken) =>
        {
            var revocation = await connection.Client.RevokeAsync(token, cancellationToken);
            return (Shapes.Word(revocation.Outcome), revocation.Remark);
        }));
    }
}
