using System.CommandLine;
using System.Globalization;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Lineages;
using Tokenwright.Cli.Output;
using Tokenwright.Rotation;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>rotate</c>, which replaces the tokens of lineages.</summary>
internal static class RotateCommand
{
    private static readonly Argument<string[]> Names = RotationCommand.LineageNames("The lineages to rotate now.");
    private static readonly Option<bool> Due = new("--due")
        { Description = "Run all lineages that are due, without a question. It prints nothing unless something fails, as cron needs it." };

    public static Command Create()
    {
        var command = new Command(
            "rotate",
            """
            Replaces tokens: issues a new one, writes its secret to the sinks of its lineage, and revokes the old one when nothing uses it.
            Each run goes as far as it can at that time. Run 'rotate --due' regularly; a run that was killed is continued by the next one.

            Examples:
              tokenwright rotate --due                 from cron, as often as you like
              tokenwright rotate nightly-export        now, although it isn't due
              tokenwright rotate nightly-export --dry-run
            """)
        {
            Names, Due,
        };
        ChangeRun.AddTo(command);
        return command.Does(invocation => RotationCommand.TryAsync(() => RunAsync(invocation)));
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        var names = (invocation.Get(Names) ?? []).Distinct(StringComparer.Ordinal).ToList();
        var isDue = invocation.Get(Due);
        if (names.Count > 0 == isDue)
            throw new CliException("Name the lineages to rotate now, or use --due for all that are due, but not both.");
        var dryRun = invocation.Get(ChangeRun.DryRunOption) ? new RotationDryRun(invocation) : null;
        await using var rotation = await OpenRotation.OpenAsync(invocation, dryRun);
        var chosen = isDue ? rotation.Valid : [.. names.Select(rotation.Find)];
        if (dryRun is not null)
            return await DryRunAsync(invocation, rotation, dryRun, chosen, isDue);
        if (isDue)
            return await DueAsync(invocation, rotation);

        rotation.Start(invocation, onProgress: invocation.Terminal.Note);
        var steps = new List<string>();
        foreach (var lineage in chosen)
            steps.Add(Describe(lineage, await rotation.Rotator.StatusAsync(lineage.Name, invocation.Cancellation)));
        await Confirmation.AskAsync(invocation, steps);
        var report = new RotationReport(invocation, rotation);
        foreach (var lineage in chosen)
        {
            using (RotationReport.Begin(invocation, $"Rotate '{lineage.Name}'"))
            {
                await report.TryAsync(
                    lineage, async () => report.Add(await rotation.Rotator.RotateAsync(lineage.Name, invocation.Cancellation)));
            }
        }

        return await report.WriteAsync();
    }

    private static async Task<int> DueAsync(Invocation invocation, OpenRotation rotation)
    {
        rotation.Start(invocation);
        var report = new RotationReport(invocation, rotation);
        report.AddInvalid();
        using (RotationReport.Begin(invocation, "Rotate what is due"))
            report.Add(await rotation.Rotator.RunDueAsync(invocation.Cancellation));
        return await report.WriteAsync(isSilent: invocation is { IsFormatGiven: false, HasFields: false });
    }

    private static async Task<int> DryRunAsync(
        Invocation invocation, OpenRotation rotation, RotationDryRun dryRun, IReadOnlyList<LineageDefinition> chosen, bool isDue)
    {
        rotation.Start(invocation, dryRun, onProgress: dryRun.Steps.Add);
        var report = new RotationReport(invocation, rotation);
        if (isDue)
            report.AddInvalid();
        foreach (var lineage in chosen)
        {
            await report.TryAsync(lineage, () => dryRun.RunAsync(lineage, rotation.ConnectionOf(lineage), async cancellationToken =>
            {
                if (isDue)
                    report.Add(await rotation.Rotator.RunDueAsync(cancellationToken), lineage);
                else
                    report.Add(await rotation.Rotator.RotateAsync(lineage.Name, cancellationToken));
            }));
        }

        return await report.WriteAsync(dryRun);
    }

    private static string Describe(LineageDefinition lineage, RotationStatus status)
    {
        var place = $"{lineage.Vendor!.Name} connection '{lineage.Connection}'";
        var generation = status.Generation.ToString(CultureInfo.InvariantCulture);
        return status.Position != RotationStage.Done
            ? $"Continue the rotation of '{lineage.Name}' at {place}, which is in stage {Shapes.Word(status.Position)}."
            : status.Generation == 0
            ? $"Issue the first token of '{lineage.Name}' at {place}, and write its secret to {lineage.SinkText}."
            : lineage.Policy.Mode == RotationMode.InPlace
            ? $"Give a new secret to generation {generation} of '{lineage.Name}' at {place}, and write it to {lineage.SinkText}. " +
                "Whatever uses the old secret stops working until it reads the new one."
            : $"Replace generation {generation} of '{lineage.Name}' at {place}: issue a token, and write its secret to " +
                $"{lineage.SinkText}. The old token is revoked when nothing uses it any more.";
    }
}
