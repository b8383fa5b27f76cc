// A process that rotates tokens, or holds the lock of a lineage. The tests kill it while it does.
//
// It reads its job from the first line of its input, and prints "ready", or "held". Each further line is the time by which its clock is
// ahead. It does what is due then, prints "idle", and waits for the next line. It also prints each event and failure.

using System.Globalization;
using System.Text.Json;
using Tokenwright.RotationTests.Rotator;

var job = JsonSerializer.Deserialize<RotatorJob>(Console.ReadLine()!)!;
await using var journal = job.OpenJournal();
if (job.HeldLineage is { } lineage)
{
    await using var held = await journal.TryLockAsync(lineage);
    Console.WriteLine(held is null ? "locked by another" : "held");
    Console.ReadLine();
    return 0;
}

var clock = new ShiftedClock();
using var rotator = job.CreateRotator(journal, clock, Console.WriteLine);
using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
Console.WriteLine("ready");
while (Console.ReadLine() is { } ahead)
{
    clock.Ahead = TimeSpan.Parse(ahead, CultureInfo.InvariantCulture);
    do
        await rotator.RunDueAsync();
    while ((await journal.ListDueAsync(clock.GetUtcNow())).Count > 0 && await pause.WaitForNextTickAsync());
    Console.WriteLine("idle");
}

return 0;
