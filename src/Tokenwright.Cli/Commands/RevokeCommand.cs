using System.CommandLine;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>revoke</c>, which revokes tokens.</summary>
internal static class RevokeCommand
{
    public static Command Create()
    {
        var bulk = new BulkChange(TokenOperation.Revoke, "Revoke", _ => new(async (connection, token, cancellationToken) =>
        {
            var revocation = await connection.Client.RevokeAsync(token, cancellationToken);
            return (Shapes.Word(revocation.Outcome), revocation.Remark);
        }));
        var command = new Command(
            "revoke",
            """
            Revokes tokens permanently, as far as the vendor allows it. The receipt says what was done.
            With many tokens, a failure doesn't stop the rest. With --from-file, an interrupted run continues where it was.
            A filter selects tokens of all connections, and you confirm their number. Tokens that the policy protects are left out.
            The token that the connection itself works with is revoked only with --own-credential.

            Examples:
              tokenwright revoke 7 8 -c storage
              tokenwright revoke --secret file:leaked.txt -c network --yes
              tokenwright revoke --from-file ids.txt -c identity --yes
              tokenwright revoke --from-file leaked-secrets.txt --secrets -c cloud --dry-run
              tokenwright revoke --rule TW001 --dry-run           expired tokens of all connections
              tokenwright revoke --name "ci-*" --unused-since 90d --count 3
            """);
        bulk.AddTo(command);
        return command.Does(bulk.RunAsync);
    }
}
