using System.CommandLine;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>The options that mean the same in every command.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Config { get; } =
        new("--config")
        { Description =
        "The connections file. Else $TOKENWRIGHT_CONFIG, else connections.json in tokenwright's folder of $XDG_CONFIG_HOME.",
        HelpName = "file", Recursive = true };

    public static Option<string[]> Set { get; } = new("--set")
    {
        Description =
            "A setting of a connection, before those of file and environment: SailPoint:identity:BaseAddress=https://…. A secret is " +
            "told by its source: Xms:lab:AccessToken:File=PATH.",
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
        new("--verbose") { Description = "Tell each request on the error output, without secrets.", Recursive = true };

    public static Option<string?> TraceFile { get; } =
        new("--trace-file") { Description = "Write each request and event as a line of JSON behind what the file holds, without secrets.",
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

    // While a line is being written nothing may fail, and nothing may be asked.
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
