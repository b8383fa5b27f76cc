using System.CommandLine;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides the options that have the same meaning in every command.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Config { get; } =
        new("--config")
        { Description =
        "The connections file; else $TOKENWRIGHT_CONFIG, else connections.json in the tokenwright folder of $XDG_CONFIG_HOME.",
        HelpName = "file", Recursive = true };

    public static Option<string[]> Set { get; } = new("--set")
    {
        Description =
            "A setting that overrides the file and the environment: SailPoint:identity:BaseAddress=https://…. Name the source of a " +
            "secret instead of its value: Xms:lab:AccessToken:File=PATH.",
        HelpName = "path=value",
        Recursive = true,
    };

    public static Option<string[]> Connection { get; } =
        new("--connection", "-c") { Description = "Only these connections, by name.", HelpName = "name", Recursive = true };

    public static Option<string[]> Vendor { get; } =
        new("--vendor") { Description = "Only connections of these vendors.", HelpName = "vendor", Recursive = true };

    public static Option<OutputFormat> Output { get; } =
        new Option<OutputFormat>(
        "--output", "-o") { Description = "How results are printed: table, json, jsonl, csv or markdown; of audits also sarif.",
        HelpName = "format", Recursive = true }.ByNameOnly();

    public static Option<bool> Quiet { get; } =
        new("--quiet", "-q") { Description = "Print results, warnings and errors only.", Recursive = true };

    public static Option<bool> Verbose { get; } =
        new("--verbose") { Description = "Print each request to the error output, without secrets.", Recursive = true };

    public static Option<string?> TraceFile { get; } =
        new("--trace-file") { Description = "Append each request and event to this file as a line of JSON, without secrets.",
        HelpName = "file", Recursive = true };

    /// <summary>Adds the options to the root command.</summary>
    public static void AddTo(Command root)
    {
        Output.DefaultValueFactory = _ => OutputFormat.Table;
        Vendor.CompletionSources.Add([.. VendorEntry.All.Select(vendor => vendor.Name)]);
        Connection.CompletionSources.Add(context => CompletionOf(context.ParseResult));
        foreach (var option in new Option[] { Config, Set, Connection, Vendor, Output, Quiet, Verbose, TraceFile })
            root.Options.Add(option);
    }

    // While the user is typing a command line, the completion must not fail or ask for input.
    private static IEnumerable<string> CompletionOf(ParseResult result)
    {
        try
        {
            return ConnectionSet.Read(result.GetValue(Config), []).Select(definition => definition.Name);
        }
        catch (CliException)
        {
            return [];
        }
    }
}
