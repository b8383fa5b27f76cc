using System.CommandLine;
using Spectre.Console;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>
/// Represents the environment of a run: the clock and the output. A process uses those of the system. The pages that show the tool's output
/// have their own.
/// </summary>
internal sealed class Surroundings : InvocationConfiguration
{
    /// <summary>
    /// Initializes a new instance of the <see cref="Surroundings"/> class in which the commands report failures and the program handles
    /// signals.
    /// </summary>
    public Surroundings()
    {
        EnableDefaultExceptionHandler = false;
        Output = Terminal.WriterOf(StandardStream.Out);
        Error = Terminal.WriterOf(StandardStream.Error);
        ProcessTerminationTimeout = null;
    }

    /// <summary>Gets or initializes the clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets or sets the command that runs; null before it starts.</summary>
    public Invocation? Running { get; set; }

    /// <summary>Gets or initializes the output for both tables and text; null for the standard output and the error output.</summary>
    public (IAnsiConsole Pretty, TextWriter Writer)? Page { get; init; }
}
