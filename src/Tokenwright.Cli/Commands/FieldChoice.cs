using System.CommandLine;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides the option <c>--json</c> of the commands that read, which chooses the fields of the rows.</summary>
internal static class FieldChoice
{
    private const string Name = "--json";

    /// <summary>Adds the option to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="shape">The shape of the command's rows. The option is checked against its fields before anything is sent.</param>
    public static Command With<T>(this Command command, Shape<T> shape)
    {
        var known = shape.JsonNames;
        var option = new Option<string?>(Name)
        {
            Description = "Print JSON with these fields only, separated by commas. Without a field, the command lists them and stops.",
            HelpName = "fields",
            Arity = ArgumentArity.ZeroOrOne,
        };
        option.CompletionSources.Add([.. known]);
        option.Validators.Add(result =>
        {
            var output = result.GetResult(GlobalOptions.Output);
            if (output is { Implicit: false, Tokens: [var format] } && !IsJson(format.Value))
                result.AddError($"{Name} goes with --output json or jsonl, not '{format.Value}'.");
            else if (result.Tokens is not [var text])
                result.AddError($"{Name} needs fields, separated by commas:\n  {string.Join("\n  ", known)}");
            else if (Split(text.Value).FirstOrDefault(field => !known.Contains(field)) is { } unknown)
                result.AddError(
                    $"'{unknown}' is not a field of {shape.Collection}; known are {string.Join(", ", known)}." +
                    Suggestion.Sentence(unknown, known));
        });
        command.Options.Add(option);
        return command;
    }

    /// <summary>Gets the fields that the user chose, in their order; null for all.</summary>
    public static IReadOnlyList<string>? Of(ParseResult parsed)
        => parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == Name) is Option<string?> option
            && parsed.GetValue(option) is { } text ? [.. Split(text).Distinct()] : null;

    private static bool IsJson(string format)
        => format.Equals(nameof(OutputFormat.Json), StringComparison.OrdinalIgnoreCase)
            || format.Equals(nameof(OutputFormat.Jsonl), StringComparison.OrdinalIgnoreCase);

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries);
}
