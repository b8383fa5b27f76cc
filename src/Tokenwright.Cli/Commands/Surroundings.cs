using System.CommandLine;
using Spectre.Console;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>
/// What a run works in: the clock, and where it writes. A process has the system's; the pages that show the tool's output have their own.
/// </summary>
internal sealed class Surroundings : InvocationConfiguration
{
    /// <summary>Creates surroundings in which failures are told by the commands, and signals are taken by the program.</summary>
    public Surroundings()
    {
        EnableDefaultExceptionHandler = false;
        Output = Terminal.WriterOf(StandardStream.Out);
        Error = Terminal.WriterOf(StandardStream.Error);
        ProcessTerminationTimeout = null;
    }

    /// <summary>Gets or initializes the clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets or initializes where both tables and text go; null for the standard output and the error output.</summary>
    public (IAnsiConsole Pretty, TextWriter Writer)? Page { get; init; }
}
