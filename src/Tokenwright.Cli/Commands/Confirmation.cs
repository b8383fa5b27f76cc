using System.CommandLine;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Shows what a command is about to do, and asks the user for confirmation.</summary>
internal static class Confirmation
{
    private const int MostShown = 20;

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Don't ask for confirmation." };

    /// <summary>Asks for confirmation, unless <c>--yes</c> is set.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="steps">What will be done, as one sentence for each token.</param>
    /// <exception cref="CliException">The user refused, or the terminal isn't interactive.</exception>
    public static async Task AskAsync(Invocation invocation, IReadOnlyList<string> steps)
    {
        var terminal = invocation.Terminal;
        var isAgreed = invocation.Get(Yes);
        if (!isAgreed || !terminal.IsQuiet)
        {
            foreach (var step in steps.Take(MostShown))
                terminal.Say(step);
            if (steps.Count > MostShown)
                terminal.Say($"… and {steps.Count - MostShown} more.");
        }

        if (isAgreed)
            return;
        if (!Terminal.CanAsk)
            throw new CliException(
                "The terminal isn't interactive; use --yes to skip the question, or --dry-run to see the calls. Nothing was changed.");
        await terminal.Error.WriteAsync("Continue? [y/N] ");

        // The input of a terminal can't be cancelled. The thread that reads it ends with the process.
        var response = await Task.Run(Console.In.ReadLine).WaitAsync(invocation.Cancellation);
        if (response?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            throw new CliException("Nothing was changed.", ExitCode.Usage);
    }
}
