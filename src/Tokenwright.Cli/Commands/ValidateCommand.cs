using System.CommandLine;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>validate</c>, which determines whether a token works.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var choice = new TokenChoice();
        var command = new Command(
            "validate",
            """
            Asks the vendor whether a token works now. The exit status is 0 if it does, otherwise 1.

            Examples:
              tokenwright validate --self -c network
              tokenwright validate --secret file:found.txt -c storage
              tokenwright validate 86f1dc6f… --secret env:PAT_SECRET -c identity      SailPoint needs both
            """);
        choice.AddTo(command);
        return command.With(Shapes.Verdicts).Does(async invocation =>
        {
            var connection = await invocation.OpenOneAsync();
            var reference = await choice.ReadAsync(invocation);
            var validation = await connection.Client.ValidateAsync(reference, invocation.Cancellation);
            await invocation.WriteAsync(Shapes.Verdicts, [new VerdictRow(
                connection.Vendor, connection.Name, reference.ToString(), Shapes.Word(validation.Verdict), validation.Reason)]);
            return validation.IsActive ? ExitCode.Done : ExitCode.Findings;
        });
    }
}
