using System.CommandLine;
using Tokenwright.Cli.Changes;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>suspend</c> and <c>resume</c>, which switch tokens off and on, if the vendor supports it.</summary>
internal static class SuspensionCommand
{
    public static Command Suspend() => Create(
        "suspend",
        """
        Switches tokens off; 'resume' switches them on again. If a vendor can't, the command says so before anything is sent.

        Examples:
          tokenwright suspend synthetic-token-id-0004 -c cloud
          tokenwright suspend --from-file ids.txt -c cloud --yes
        """,
        "suspended",
        "Switch off",
        (suspension, token, cancellationToken) => suspension.SuspendAsync([token], cancellationToken));

    public static Command Resume() => Create(
        "resume",
        """
        Switches suspended tokens on again.

        Example:
          tokenwright resume synthetic-token-id-0004 -c cloud
        """,
        "resumed",
        "Switch on",
        (suspension, token, cancellationToken) => suspension.ResumeAsync([token], cancellationToken));

    private static Command Create(
        string name, string description, string outcome, string verb,
        Func<ITokenSuspension, TokenReference, CancellationToken, Task<IReadOnlyList<TokenSuspensionResult>>> change)
    {
        var operation = Enum.Parse<TokenOperation>(name, ignoreCase: true);
        var bulk = new BulkChange(operation, verb, _ => new(async (connection, token, cancellationToken) =>
        {
            var result = (await change(connection.Client.GetRequiredService<ITokenSuspension>(), token, cancellationToken))[0];
            return result.Succeeded ? (outcome, null) : ("failed", result.Message);
        }));
        var command = new Command(name, description);
        bulk.AddTo(command);
        return command.Does(bulk.RunAsync);
    }
}
