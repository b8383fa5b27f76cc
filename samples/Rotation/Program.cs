// Rotates a token three times while a program uses it, and kills the rotation in the middle. No call of the program is refused.
//
//   dotnet run --project samples/Rotation      against an emulator of SailPoint, no account needed
//
// Each run of the rotation is a process of its own, as with cron. Exit status: 1 if a call was refused or a token was left behind.

using System.Globalization;
using System.Security.Cryptography;
using Rotation;
using Tokenwright.Testing;

if (args is ["run", var time])
{
    await RotationRun.RunAsync(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
    return 0;
}

var folder = Directory.CreateTempSubdirectory("tokenwright-rotation-");
var clock = new StoryClock();
using var emulator = new SailPointEmulator(new() { TimeProvider = clock });
await File.WriteAllTextAsync(
    Path.Combine(folder.FullName, RotationRun.KeyFile), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
var runs = new Runs(emulator, folder.FullName);
Console.WriteLine("The token of 'nightly-export' lives for 30 days. The first one is issued:");
await runs.RunAsync(clock.Now);

await using (var consumer = new Consumer(emulator.BaseAddress, Path.Combine(folder.FullName, RotationRun.SecretFile), clock))
{
    consumer.Start();
    Console.WriteLine("A program uses it all the time, and the time passes quickly. The first rotation:");
    await RotateAsync(consumer);

    Console.WriteLine("The second one is killed when the token exists, before its secret has arrived:");
    await RotateAsync(consumer, Fault.Stall(), "POST");

    Console.WriteLine("The third one is killed while it revokes the old token:");
    await RotateAsync(consumer, Fault.Stall(), "DELETE");

    var left = emulator.Tokens.Count(token => token.Name?.StartsWith(RotationRun.Lineage, StringComparison.Ordinal) == true);
    Console.WriteLine($"The program made {consumer.Calls} calls; {consumer.Refused} were refused. Tokens of the lineage: {left}.");
    if (consumer.Refused > 0 || left != 1)
        return 1;
}

folder.Delete(recursive: true);
return 0;

// Runs what is due, again and again, until the token was replaced and the old one is dead. With a fault, the run that meets it is killed.
async Task RotateAsync(Consumer consumer, Fault? fault = null, string? method = null)
{
    if (fault is not null)
        emulator.Faults.Inject(fault, method, "*/personal-access-tokens*");
    for (var before = runs.Generation; runs.Generation == before || !runs.IsDone;)
    {
        await consumer.PassTimeAsync(runs.NextAt);
        await runs.RunAsync(clock.Now, fault);
    }
}
