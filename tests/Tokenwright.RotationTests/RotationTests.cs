namespace Tokenwright.RotationTests;

internal sealed class RotationTests
{
    [TestCaseSource(typeof(RotationSubject), nameof(RotationSubject.All))]
    public async Task A_token_is_replaced_and_no_call_of_its_consumers_is_refused(object subject)
    {
        await using var world = new World((RotationSubject)subject);
        var rotator = world.Start();
        var first = await world.SettleAsync(rotator);
        Assert.That(first.Generation, Is.EqualTo(1));
        for (var rotation = 2; rotation <= 4; rotation++)
        {
            await world.AwaitDueAsync(rotator);
            var status = await world.SettleAsync(rotator);

            Assert.That(status.Generation, Is.EqualTo(rotation), string.Join(Environment.NewLine, status.Evidence));
            Assert.That(world.Living, Has.Count.EqualTo(1));
            Assert.That(world.Tokens, Has.Count.EqualTo(1), "no record is left");
        }

        Assert.That(world.Consumers.SelectMany(consumer => consumer.Refused), Is.Empty);
        Assert.That(world.Consumers.All(consumer => consumer.Calls > 10));
        Assert.That(world.Events.Where(one => one.NeedsAttention), Is.Empty);
    }
}
