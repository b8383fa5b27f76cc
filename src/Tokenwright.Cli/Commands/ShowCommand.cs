using System.CommandLine;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>show</c>, which prints the record of one token.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var choice = new TokenChoice();
        var command = new Command(
            "show",
            """
            Shows the record of one token, but not its secret.

            Examples:
              tokenwright show 7 -c storage
              tokenwright show --self -c network -o json
              tokenwright show --secret env:FOUND_TOKEN -c cloud     whose is this token?
            """);
        choice.AddTo(command);
        return command.With(Shapes.Token).Does(async invocation =>
        {
            var connection = await invocation.OpenOneAsync();
            var token = await connection.Client.GetAsync(await choice.ReadAsync(invocation), invocation.Cancellation);
            await invocation.WriteAsync(Shapes.Token, [TokenRow.Of(token)]);
            return ExitCode.Done;
        });
    }
}
