using System.CommandLine;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Lineages;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>rotation</c>, which shows how far rotations are, and tells them what they can't know.</summary>
internal static class RotationCommand
{
    // Without it, the help would show the names of all lineages.
    private const string LineageName = "lineage";

    private static readonly Argument<string> Lineage = new(LineageName) { Description = "The lineage.", HelpName = LineageName };
    private static readonly Argument<string> Consumer = new("consumer") { Description = "The name of the program, as in the file." };
    private static readonly Argument<int> Generation =
        new("generation") { Description = "The generation that it uses, which is in the file with the secret." };
    private static readonly Argument<string?> Id =
        new("id") { Description = "The token's id at the vendor, where tokens have one.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> Secret =
        new("--secret") { Description = $"The source of the token's secret: {SecretSpec.Forms}.", HelpName = "source", Required = true };

    public static Command Create()
    {
        Lineage.CompletionSources.Add(context => NamesFor(context.ParseResult));
        var command = new Command("rotation", "The lineages of tokens that are rotated, and how far their rotations are.");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Status());
        command.Subcommands.Add(Why());
        command.Subcommands.Add(Acknowledge());
        command.Subcommands.Add(Adopt());
        return command;
    }

    /// <summary>Creates the argument for the names of lineages.</summary>
    public static Argument<string[]> LineageNames(string description)
    {
        var names = new Argument<string[]>(LineageName)
            { Description = description, HelpName = LineageName, Arity = ArgumentArity.ZeroOrMore };
        names.CompletionSources.Add(context => NamesFor(context.ParseResult));
        return names;
    }

    /// <summary>Reports what the rotator refuses in the state that it is in.</summary>
    public static async Task<int> TryAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (InvalidOperationException failure)
        {
            throw new CliException(failure.Message);
        }
    }

    private static Command List()
        => new Command(
            "list",
            """
            Lists the lineages of the connections file: what is rotated, when, and where the secrets are written. It sends nothing.

            Example:
              tokenwright rotation list
            """).With(Shapes.Lineages).Does(async invocation =>
            {
                await using var rotation = await OpenRotation.OpenAsync(invocation);
                await invocation.WriteAsync(Shapes.Lineages, rotation.Valid.Concat(rotation.Invalid).Select(LineageRow.Of));
                return rotation.Invalid.Count > 0 ? ExitCode.Partial : ExitCode.Done;
            });

    private static Command Status()
    {
        var names = LineageNames("Only these lineages.");
        var command = new Command(
            "status",
            """
            Shows how far each lineage is, since when, what it waits for, what happens next, and when.
            It reads the journal and sends nothing. The exit status is 1 if a lineage needs attention.

            Examples:
              tokenwright rotation status
              tokenwright rotation status nightly-export -o json
            """)
        {
            names,
        };
        return command.With(Shapes.Rotations).Does(invocation => TryAsync(async () =>
        {
            await using var rotation = await OpenRotation.OpenAsync(invocation);
            var chosen = (invocation.Get(names) ?? []).Select(rotation.Find).DistinctBy(lineage => lineage.Name).ToList();
            rotation.Start(invocation, isRead: true);
            var report = new RotationReport(invocation, rotation);
            if (chosen.Count == 0)
                report.AddInvalid();
            foreach (var lineage in chosen.Count == 0 ? rotation.Valid : chosen)
            {
                await report.TryAsync(
                    lineage, async () => report.Add(await rotation.Rotator.StatusAsync(lineage.Name, invocation.Cancellation)));
            }

            return await report.WriteStateAsync();
        }));
    }

    private static Command Why()
    {
        var command = new Command(
            "why",
            """
            Shows the evidence of a lineage: what was decided and seen, when, and why. It reads the journal and sends nothing.

            Example:
              tokenwright rotation why nightly-export
            """)
        {
            Lineage,
        };
        return command.With(Shapes.Evidence).Does(invocation => TryAsync(async () =>
        {
            await using var rotation = await OpenRotation.OpenAsync(invocation);
            var lineage = rotation.Find(invocation.Get(Lineage)!);
            rotation.Start(invocation, isRead: true);
            var status = await rotation.Rotator.StatusAsync(lineage.Name, invocation.Cancellation);
            await invocation.WriteAsync(Shapes.Evidence, status.Evidence.Select(evidence => new EvidenceRow(
                lineage.Name, evidence.At, evidence.Generation, Shapes.Word(evidence.Stage), evidence.Text)));
            if (status.Evidence.Count == 0)
                invocation.Terminal.Note($"Nothing was done for '{lineage.Name}' yet.");
            return ExitCode.Done;
        }));
    }

    private static Command Acknowledge()
    {
        var command = new Command(
            "ack",
            """
            Records that a program uses a generation of a token, and no earlier one.
            Run it after the first successful call with that secret.
            A program that can write beside the file of the secret needs no tool: it writes the generation to FILE.ack.CONSUMER.

            Example:
              tokenwright rotation ack nightly-export exporter 3
            """)
        {
            Lineage, Consumer, Generation,
        };
        return command.Does(invocation => TryAsync(async () =>
        {
            await using var rotation = await OpenRotation.OpenAsync(invocation);
            var (lineage, consumer) = (rotation.Find(invocation.Get(Lineage)!), invocation.Get(Consumer)!);
            rotation.Start(invocation);
            try
            {
                await rotation.Rotator.AcknowledgeAsync(lineage.Name, consumer, invocation.Get(Generation), invocation.Cancellation);
            }
            catch (ArgumentException failure)
            {
                throw new CliException(failure.Message.Split(" (Parameter", 2)[0]);
            }

            invocation.Terminal.Note(FormattableString.Invariant(
                $"'{consumer}' uses generation {invocation.Get(Generation)} of '{lineage.Name}'."));
            return ExitCode.Done;
        }));
    }

    private static Command Adopt()
    {
        var command = new Command(
            "adopt",
            """
            Takes over a token that exists, so that the first rotation replaces it.
            Its secret is checked at the vendor, encrypted in the journal, and written to the sinks.
            The lineage must not have a token yet.

            Examples:
              tokenwright rotation adopt zabbix 7 --secret file:zabbix.secret
              tokenwright rotation adopt switches --secret command:"pass show xiq"
            """)
        {
            Lineage, Id, Secret, Confirmation.Yes,
        };
        return command.Does(invocation => TryAsync(async () =>
        {
            await using var rotation = await OpenRotation.OpenAsync(invocation);
            var lineage = rotation.Find(invocation.Get(Lineage)!);
            var secret = await SecretSpec.ReadAsync("--secret", invocation.Get(Secret)!, invocation.Cancellation);
            rotation.Start(invocation);
            await Confirmation.AskAsync(invocation, [$"Take over the token {(invocation.Get(Id) is { } id ? $"id {id} " : null)}at " +
                $"{lineage.Vendor!.Name} connection '{lineage.Connection}' for '{lineage.Name}', and write its secret to " +
                $"{lineage.SinkText}."]);
            var report = new RotationReport(invocation, rotation);
            using (RotationReport.Begin(invocation, $"Adopt a token for '{lineage.Name}'"))
                report.Add(await rotation.Rotator.AdoptAsync(lineage.Name, invocation.Get(Id), secret, invocation.Cancellation));
            return await report.WriteAsync();
        }));
    }

    // While the user is typing a command line, the completion must not fail.
    private static IEnumerable<string> NamesFor(ParseResult result)
    {
        try
        {
            return LineagesFile.Read(result.GetValue(GlobalOptions.Config) ?? ToolPaths.Connections).All.Select(lineage => lineage.Name);
        }
        catch (CliException)
        {
            return [];
        }
    }
}
