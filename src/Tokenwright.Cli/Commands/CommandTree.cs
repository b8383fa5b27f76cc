using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides all commands, and runs one of them.</summary>
internal static class CommandTree
{
    private static readonly TimeSpan TimeToTell = TimeSpan.FromSeconds(2);

    /// <summary>Parses and runs a command line.</summary>
    /// <param name="args">The arguments of the command line.</param>
    /// <param name="surroundings">The environment of the command; null for that of the process.</param>
    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(string[] args, Surroundings? surroundings = null)
    {
        surroundings ??= new Surroundings();
        var root = Build();
        var parsed = root.Parse(args);
        ShortenAllBut(parsed.CommandResult.Command, root);
        if (parsed.Errors.Count > 0 && !args.Any(IsSuggestion))
        {
            var terminal = new Terminal(isQuiet: false, surroundings);
            foreach (var error in parsed.Errors)
                terminal.Fail(MessageOf(error));
            terminal.Note($"See '{Path(parsed.CommandResult.Command)} --help'.");
            return ExitCode.Usage;
        }

        // The first signal stops the command in an orderly way. A Ctrl-C after it stops the process, and a third one without a word.
        using var cancellation = new CancellationTokenSource();
        var isAbandoned = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            return await parsed.InvokeAsync(surroundings, cancellation.Token);
        }
        catch (OutputLostException failure)
        {
            // The help and the version are printed without a command.
            return Conclude(new Terminal(isQuiet: false, surroundings), failure);
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !Volatile.Read(ref isAbandoned);
            if (!cancellation.IsCancellationRequested)
            {
                cancellation.Cancel();
                surroundings.Running?.Stopping();
            }
            else if (signal is { Signal: PosixSignal.SIGINT, Cancel: true })
                Abandon();
        }

        // Whoever reads the output may not do so any more.
        void Abandon()
        {
            Volatile.Write(ref isAbandoned, true);
            var telling = Task.Run(() => surroundings.Running?.Abandon() ?? ExitCode.Interrupted);
            Environment.Exit(telling.Wait(TimeToTell) ? telling.Result : ExitCode.OutcomeUnknown);
        }
    }

    /// <summary>Creates the root command with all commands and options.</summary>
    public static RootCommand Build()
    {
        var root = new RootCommand(
            """
            Lists, audits and changes the API tokens of many vendors.

            First steps:
              tokenwright-emulator --all                  emulators of all vendors to try the tool (package Tokenwright.Emulator)
              tokenwright audit                           which tokens are a risk, and what to do about them
              tokenwright connections login --help        your own accounts

            Exit status: 0 done, 1 findings, 2 usage, 3 partial, 4 authentication, 5 vendor unavailable, 6 outcome unknown.
            """);
        GlobalOptions.AddTo(root);
        foreach (var command in new[]
        {
            VendorsCommand.Create(), ConnectionsCommand.Create(), ListCommand.Create(), ShowCommand.Create(), AuditCommand.Create(),
                ValidateCommand.Create(), CreateCommand.Create(), UpdateCommand.Create(),
            RegenerateCommand.Create(), RevokeCommand.Create(), SuspensionCommand.Suspend(), SuspensionCommand.Resume(),
                RotateCommand.Create(), RotationCommand.Create(), WatchCommand.Create(), ExportCommand.Create(), CompletionCommand.Create(),
        })
            root.Subcommands.Add(command);
        return root;
    }

    /// <summary>Sets the action of a command, which also reports failures.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Runs the command and returns the exit status.</param>
    public static Command Does(this Command command, Func<Invocation, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var invocation = new Invocation(parsed, cancellationToken);
            int status;
            try
            {
                status = await work(invocation);
            }
            catch (Exception failure) when (IsExpected(failure) || invocation.Untold.Any)
            {
                status = Conclude(invocation.Terminal, failure, invocation.Untold.Any);
            }

            return invocation.Untold.Tell(invocation.Terminal, status);
        });
        return command;
    }

    // The library names the type of the value, which means nothing to a user.
    private static string MessageOf(ParseError error)
    {
        var (name, valueType) = error.SymbolResult switch
        {
            OptionResult { Option: var option } => (option.Name, option.ValueType),
            ArgumentResult { Argument: var argument } => (argument.Name, argument.ValueType),
            _ => (null, typeof(string)),
        };
        if (name is null || error.SymbolResult?.Tokens is not [.., var token]
            || !error.Message.StartsWith("Cannot parse", StringComparison.Ordinal))
            return error.Message;
        var type = Nullable.GetUnderlyingType(valueType) ?? valueType;
        return $"{name} must be {(type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}" : "a whole number")}, " +
            $"not '{token.Value}'.";
    }

    private static bool IsExpected(Exception failure)
        => failure is CliException or TokenClientException or SecretSourceException
            or OperationCanceledException or ArgumentException or IOException or UnauthorizedAccessException;

    // If the reader of a list has ended, it has what it wanted. But a user who requested a change must learn that its output is lost.
    private static int Conclude(Terminal terminal, Exception failure, bool isChanged = false)
    {
        var status = ExitCode.Of(failure);
        if (status == ExitCode.Interrupted)
            terminal.Note("Stopped.");
        else if (status != ExitCode.ReaderGone || isChanged)
            terminal.Fail((failure is OperationCanceledException { InnerException: { } inner } ? inner : failure).Message);
        return status;
    }

    // A list of commands shows one line for each. Examples appear only in the help of the command itself.
    private static void ShortenAllBut(Command chosen, Command command)
    {
        if (command != chosen)
            command.Description = command.Description?.Split('\n')[0];
        foreach (var subcommand in command.Subcommands)
            ShortenAllBut(chosen, subcommand);
    }

    // A shell requests suggestions for an unfinished command line.
    private static bool IsSuggestion(string word) => word.StartsWith("[suggest", StringComparison.Ordinal);

    private static string Path(Command command) => command is RootCommand ? "tokenwright"
        : $"{(command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent) : "tokenwright")} {command.Name}";
}
