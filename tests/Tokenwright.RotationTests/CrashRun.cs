using System.Globalization;
using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

/// <summary>
/// One rotation whose processes are stopped at given steps, each one after the one before. Afterwards one token works, no call of a
/// consumer was refused, and nothing exists at the vendor that is neither in the journal nor a dated debt.
/// </summary>
internal sealed class CrashRun(RotationSubject subject, params int[] stops)
{
    private readonly List<string> _steps = [];

    /// <summary>Gets how many steps the last process made until the rotation was done.</summary>
    public int LastSteps { get; private set; }

    public async Task<IReadOnlyList<string>> RunAsync()
    {
        await using var world = new World(subject);
        var first = world.Start();
        await world.SettleAsync(first);
        await world.AwaitDueAsync(first);
        first.Dispose();
        await world.KillAsync();
        foreach (var stop in stops)
        {
            var freezer = new Freezer(stop);
            using var rotator = world.Start(freezer);
            var settled = world.SettleAsync(rotator, World.IsReplacedAtRest);
            if (await Task.WhenAny(settled, freezer.Frozen) == settled)
                await settled;
            _steps.Add(freezer.Steps[^1]);
            await world.KillAsync();
            await world.ConsumeAsync();
        }

        var last = new Freezer();
        using (var rotator = world.Start(last))
        {
            var status = await SettleWithHelpAsync(world, rotator);
            LastSteps = last.Steps.Count;
            return await BrokenAsync(world, status);
        }
    }

    public override string ToString()
        => string.Create(
            CultureInfo.InvariantCulture, $"{subject}, stopped at {string.Join(" and ", stops)}: {string.Join(" and ", _steps)}");

    // Where lost creates can't be found, a rotation stops at its budget, and a person starts it again.
    public static async Task<RotationStatus> SettleWithHelpAsync(World world, TokenRotator rotator)
    {
        var status = await world.SettleAsync(
            rotator, status => World.IsReplacedAtRest(status) || (status.Attention is not null && status.Debts.Count > 0));
        if (World.IsReplacedAtRest(status))
            return status;
        await rotator.RotateAsync(World.Lineage);
        return await world.SettleAsync(rotator, World.IsReplacedAtRest);
    }

    public static async Task<IReadOnlyList<string>> BrokenAsync(World world, RotationStatus status)
    {
        var broken = new List<string>(world.Consumers.SelectMany(consumer => consumer.Refused));
        var there = (await new FileSecretSink(world.SecretPath).ReadBackAsync())!;
        if (!await world.WorksAsync(there))
            broken.Add("the secret in the file does not work");
        if (there.Generation != status.Generation || there.Generation < 2)
            broken.Add($"the file has generation {there.Generation}, the journal {status.Generation}");
        foreach (var token in world.Tokens.Where(token => there.Id is null ? !token.Secret!.Equals(there.Secret) : token.Id != there.Id))
        {
            if (!status.Debts.Any(debt => debt.TokenName == (token.Name ?? token.Description) && debt.Until >= token.ExpiresAt))
                broken.Add($"'{token.Name ?? token.Description}' ({token.Id}) exists and nobody knows of it");
        }

        if (Directory.EnumerateFiles(world.Directory, ".*").ToList() is { Count: > 0 } files)
            broken.Add($"a temporary file is left: {files[0]}");
        return broken;
    }
}
