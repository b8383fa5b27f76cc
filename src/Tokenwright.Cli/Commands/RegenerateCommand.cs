using System.CommandLine;
using Tokenwright.Cli.Changes;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>regenerate</c>, which replaces the secret of a token.</summary>
internal static class RegenerateCommand
{
    public static Command Create()
    {
        var choice = new TokenChoice();
        var command = new Command(
            "regenerate",
            """
            Replaces the secret of a token. The old one stops working at once. If a vendor can't, issue a new token and revoke the old one.

            Example:
              tokenwright regenerate 7 -c storage --secret-file zabbix.secret
            """);
        choice.AddTo(command);
        command.Options.Add(OwnCredential.Allow);
        SecretDelivery.AddTo(command);
        ChangeRun.AddTo(command);
        return command.Does(async invocation =>
        {
            var reference = await choice.ReadAsync(invocation);
            using var delivery = SecretDelivery.Prepare(invocation);
            return await ChangeRun.RunAsync(
                invocation,
                TokenOperation.Regenerate,
                reference.Secret is { } secret ? [secret] : [],
                reference,
                (_, token) => $"Give a new secret to {token}; whatever uses the old secret stops working.",
                async (connection, cancellationToken) =>
                {
                    var place = $"{connection.Vendor} connection '{connection.Name}'";
                    var resolve = $"tokenwright validate --secret file:OLD_SECRET -c {ShellText.Quoted(connection.Name)} shows " +
                        "whether the old secret still works";
                    using var change = invocation.Begin($"Give a new secret to token {reference} ({place})");
                    change.Remedy = $"{resolve}.";
                    try
                    {
                        var issued = await connection.Client.RegenerateAsync(reference, cancellationToken);
                        return await CreateCommand.DeliverAsync(invocation, change, issued, delivery);
                    }
                    catch (Exception failure)
                        when (ExitCode.Of(failure) == ExitCode.OutcomeUnknown && !invocation.Get(ChangeRun.DryRunOption))
                    {
                        ChangeRun.TellUnknown(invocation, connection, failure, _ => resolve);
                        return ExitCode.OutcomeUnknown;
                    }
                });
        });
    }
}
