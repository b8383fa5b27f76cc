using System.CommandLine;
using System.Globalization;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Shows what a command is about to do, and asks the user for confirmation.</summary>
internal static class Confirmation
{
    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Don't ask for confirmation." };

    public static Option<int?> Count { get; } = new("--count")
        { Description = "With a filter, in place of --yes: the number of tokens that it must select.", HelpName = "number" };

    /// <summary>Asks for confirmation, unless <c>--yes</c> is set.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="steps">What will be done, a sentence a line.</param>
    /// <exception cref="CliException">The user refused, or the terminal isn't interactive.</exception>
    public static Task AskAsync(Invocation invocation, IReadOnlyList<string> steps)
        => AskAsync(invocation, steps, invocation.Get(Yes), "use --yes to skip the question" + OrDryRun(invocation),
            "Continue? [y/N]", response => response?.ToUpperInvariant() is "Y" or "YES");

    /// <summary>
    /// Asks for the number of tokens that a filter selected, unless <c>--count</c> says it. A filter can select more tokens than the user
    /// thinks of.
    /// </summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="steps">What will be done, a sentence a line.</param>
    /// <param name="count">The number of tokens.</param>
    /// <exception cref="CliException">The user typed another number, or the terminal isn't interactive.</exception>
    public static Task AskCountAsync(Invocation invocation, IReadOnlyList<string> steps, int count)
        => AskAsync(invocation, steps, invocation.Get(Count) is not null,
            $"use --count {Text(count)} to confirm the number" + OrDryRun(invocation),
            $"Type {Text(count)} to continue:", response => response == Text(count));

    /// <summary>Compares the number of tokens that a filter selected with <c>--count</c>.</summary>
    /// <exception cref="CliException">The number is another one, or <c>--yes</c> is set in place of <c>--count</c>.</exception>
    public static void CheckCount(Invocation invocation, int count)
    {
        var selected = $"The filter selected {Text(count)} {(count == 1 ? "token" : "tokens")}";
        if (invocation.Get(Count) is { } expected && expected != count)
            throw new CliException($"{selected}, not {Text(expected)} as --count says. Nothing was changed.");
        if (invocation.Get(Count) is null && invocation.Get(Yes) && count > 0)
            throw new CliException($"{selected}. Confirm the number: --count {Text(count)} in place of --yes. Nothing was changed.");
    }

    private static string? OrDryRun(Invocation invocation)
        => invocation.Parsed.CommandResult.Command.Options.Contains(ChangeRun.DryRunOption) ? ", or --dry-run to see the calls" : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task AskAsync(
        Invocation invocation, IReadOnlyList<string> steps, bool isAgreed, string otherwise, string question, Predicate<string?> isYes)
    {
        var terminal = invocation.Terminal;
        if (!isAgreed || !terminal.IsQuiet)
        {
            foreach (var step in steps)
                terminal.Say(step);
        }

        if (isAgreed)
            return;
        if (!Terminal.CanAsk)
            throw new CliException($"The terminal isn't interactive; {otherwise}. Nothing was changed.");
        await terminal.Error.WriteAsync($"{question} ");

        // The input of a terminal can't be cancelled. The thread that reads it ends with the process.
        var response = await Task.Run(Console.In.ReadLine).WaitAsync(invocation.Cancellation);
        if (!isYes(response?.Trim()))
            throw new CliException("Nothing was changed.", ExitCode.Usage);
    }
}
