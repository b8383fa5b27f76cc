using System.Globalization;
using System.Text;

namespace Tokenwright.Testing.Conformance;

/// <summary>Checks a journal that two processes have opened.</summary>
internal sealed class RotationJournalCases(RotationJournalStage stage) : IAsyncDisposable
{
    private const string Lineage = "export";
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 30, 15, 123, 456, TimeSpan.Zero);

    // A store can need a moment to notice that a process or a connection has ended.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<IRotationJournal> _opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var journal in _opened)
            await journal.DisposeAsync().ConfigureAwait(false);
    }

    [Case]
    public async Task What_was_written_is_read_by_every_process_and_after_a_restart()
    {
        var journal = await OpenAsync();
        var written = Record(
            secrets: new() { [1] = [0, 255, 1], [7] = Encoding.UTF8.GetBytes("sealed") }, state: """{"stage":"Done","ö":"€𝄞"}""");
        var revision = await WriteAsync(journal, written);

        Expect.Equal(revision, 1L);
        var second = await OpenAsync();
        AssertSame(await second.ReadAsync(Lineage), written, 1);
        await journal.DisposeAsync();
        await second.DisposeAsync();
        AssertSame(await (await OpenAsync()).ReadAsync(Lineage), written, 1);
    }

    [Case]
    public async Task A_lineage_without_a_record_has_none()
    {
        var journal = await OpenAsync();

        Expect.Equal(await journal.ReadAsync(Lineage), null);
        Expect.Equal(await journal.ListDueAsync(DateTimeOffset.MaxValue), Array.Empty<string>());
        Expect.Equal((await journal.ReadAcknowledgementsAsync(Lineage)).Count, 0);
    }

    [Case]
    public async Task A_write_replaces_the_record_and_raises_its_revision()
    {
        var journal = await OpenAsync();
        await WriteAsync(journal, Record());
        var second = Record(1, Now.AddDays(3), "{}");

        Expect.Equal(await WriteAsync(journal, second), 2L);
        AssertSame(await journal.ReadAsync(Lineage), second, 2);
    }

    [Case]
    public async Task A_write_from_an_old_revision_is_refused_and_changes_nothing()
    {
        var journal = await OpenAsync();
        await WriteAsync(journal, Record());
        var last = Record(1, state: "last", secrets: new() { [1] = [1] });
        await WriteAsync(journal, last);

        foreach (var stale in new[] { 0, 1, 3 })
            await Expect.Throws<InvalidOperationException>(
                () => WriteAsync(journal, Record(stale, state: "stale", secrets: new() { [2] = [2] })));
        AssertSame(await journal.ReadAsync(Lineage), last, 2);
    }

    [Case]
    public async Task A_secret_that_a_record_does_not_contain_is_erased()
    {
        var journal = await OpenAsync();
        await WriteAsync(journal, Record(secrets: new() { [1] = [1], [2] = [2] }));
        await WriteAsync(journal, Record(1, secrets: new() { [2] = [22] }));

        var read = (await journal.ReadAsync(Lineage))!;
        Expect.Equal(read.SealedSecrets.Keys.Single(), 2);
        Expect.Equal(read.SealedSecrets[2].Single(), (byte)22);
        await WriteAsync(journal, Record(2));
        Expect.Equal((await (await OpenAsync()).ReadAsync(Lineage))!.SealedSecrets.Count, 0);
    }

    [Case]
    public async Task The_secrets_of_another_lineage_stay()
    {
        var journal = await OpenAsync();
        await WriteAsync(journal, Record(secrets: new() { [1] = [1] }));
        await WriteAsync(journal, Record(name: "other"));

        Expect.Equal((await journal.ReadAsync(Lineage))!.SealedSecrets.Count, 1);
    }

    [Case]
    public async Task A_lock_has_one_holder_in_all_processes()
    {
        var journal = await OpenAsync();
        var other = await OpenAsync();
        var held = (await journal.TryLockAsync(Lineage))!;

        Expect.Equal(await journal.TryLockAsync(Lineage), null);
        Expect.Equal(await other.TryLockAsync(Lineage), null);
        var neighbour = await other.TryLockAsync("export2");
        Expect.True(neighbour is not null, "Another lineage can be locked.");
        await neighbour!.DisposeAsync();
        await held.DisposeAsync();
        var next = await other.TryLockAsync(Lineage);
        Expect.True(next is not null, "It was released.");
        await next!.DisposeAsync();
    }

    [Case]
    public async Task A_lock_ends_with_its_journal()
    {
        var journal = await OpenAsync();
        await journal.TryLockAsync(Lineage);
        await journal.DisposeAsync();

        Expect.True(await (await OpenAsync()).TryLockAsync(Lineage) is { } held && await Disposed(held));
    }

    [Case]
    public async Task A_lock_ends_with_its_process()
    {
        var journal = await OpenAsync();
        var process = await stage.LockInAnotherProcessAsync(Lineage);
        await using (process.ConfigureAwait(false))
            Expect.Equal(await journal.TryLockAsync(Lineage), null);

        Expect.True(await Disposed(await LockedAtLastAsync(journal)));
    }

    [Case]
    public async Task A_released_lock_writes_nothing()
    {
        var journal = await OpenAsync();
        var held = (await journal.TryLockAsync(Lineage))!;
        await held.DisposeAsync();
        await held.DisposeAsync();

        await Expect.Throws<ObjectDisposedException>(() => held.WriteAsync(Record()));
        Expect.Equal(await journal.ReadAsync(Lineage), null);
    }

    [Case]
    public async Task A_lock_writes_its_own_lineage_only()
    {
        var journal = await OpenAsync();
        var held = (await journal.TryLockAsync(Lineage))!;

        await Expect.Throws<ArgumentException>(() => held.WriteAsync(Record(name: "other")));
        Expect.Equal(await journal.ReadAsync("other"), null);
        await held.DisposeAsync();
    }

    // It may believe that it has the lock still, and know the newest revision.
    [Case]
    public async Task A_write_after_a_lost_lock_is_refused()
    {
        var journal = await OpenAsync();
        var held = (await journal.TryLockAsync(Lineage))!;
        await held.WriteAsync(Record(secrets: new() { [1] = [1] }));
        if (!await stage.LoseLocksAsync())
        {
            await held.DisposeAsync();
            return;
        }

        await ExpectRefusalAsync(held, 1);
        var other = await OpenAsync();
        var next = await LockedAtLastAsync(other);
        var last = Record(1, state: "last", secrets: new() { [2] = [2] });
        await next.WriteAsync(last);
        await ExpectRefusalAsync(held, 1);
        await ExpectRefusalAsync(held, 2);
        AssertSame(await other.ReadAsync(Lineage), last, 2);
        await held.DisposeAsync();
        Expect.Equal(await journal.TryLockAsync(Lineage), null, "The loser's end doesn't release the lock of the other.");
        await next.DisposeAsync();
        AssertSame(await journal.ReadAsync(Lineage), last, 2);
    }

    [Case]
    public async Task Readers_need_no_lock()
    {
        var journal = await OpenAsync();
        await WriteAsync(journal, Record());
        var held = (await journal.TryLockAsync(Lineage))!;

        Expect.True(await (await OpenAsync()).ReadAsync(Lineage) is not null);
        await held.DisposeAsync();
    }

    [Case]
    public async Task Lineages_are_due_from_their_time_on()
    {
        var journal = await OpenAsync();
        await WriteAsync(journal, Record(name: "past", dueAt: Now.AddTicks(-1)));
        await WriteAsync(journal, Record(name: "now", dueAt: Now));
        await WriteAsync(journal, Record(name: "later", dueAt: Now.AddMilliseconds(1)));
        await WriteAsync(journal, Record(name: "other zone", dueAt: Now.AddMilliseconds(1).ToOffset(TimeSpan.FromHours(5))));

        Expect.SameItems(await journal.ListDueAsync(Now), ["past", "now"]);
        Expect.Equal((await journal.ListDueAsync(Now.AddHours(1))).Count, 4);
    }

    [Case]
    public async Task A_lineage_that_was_put_off_is_no_longer_due()
    {
        var journal = await OpenAsync();
        await WriteAsync(journal, Record());
        await WriteAsync(journal, Record(1, Now.AddDays(60)));

        Expect.Equal((await (await OpenAsync()).ListDueAsync(Now.AddDays(59))).Count, 0);
        Expect.Equal((await journal.ListDueAsync(Now.AddDays(60))).Count, 1);
    }

    [Case]
    public async Task The_latest_generation_that_a_consumer_acknowledged_counts()
    {
        var journal = await OpenAsync();
        await AcknowledgeAsync(journal, "a", 2, Now);
        await AcknowledgeAsync(journal, "a", 3, Now.AddMinutes(1));
        await AcknowledgeAsync(journal, "a", 3, Now.AddMinutes(9));
        await AcknowledgeAsync(journal, "a", 1, Now.AddMinutes(10));
        await AcknowledgeAsync(journal, "b", 1, Now);
        await journal.AcknowledgeAsync("other", new() { Consumer = "c", Generation = 9, At = Now });

        var read = await (await OpenAsync()).ReadAcknowledgementsAsync(Lineage);
        Expect.SameItems(
            read.Select(one => (one.Consumer, one.Generation, one.At)), [("a", 3, Now.AddMinutes(1)), ("b", 1, Now)]);
    }

    [Case]
    public async Task An_acknowledgement_needs_no_lock()
    {
        var journal = await OpenAsync();
        var held = (await journal.TryLockAsync(Lineage))!;
        await AcknowledgeAsync(await OpenAsync(), "a", 1, Now);

        Expect.Equal((await journal.ReadAcknowledgementsAsync(Lineage)).Count, 1);
        await held.DisposeAsync();
    }

    [Case]
    public async Task A_cancelled_write_writes_nothing()
    {
        var journal = await OpenAsync();
        var held = (await journal.TryLockAsync(Lineage))!;

        await Expect.Throws<OperationCanceledException>(() => held.WriteAsync(Record(), new CancellationToken(canceled: true)));
        Expect.Equal(await journal.ReadAsync(Lineage), null);
        await held.DisposeAsync();
    }

    [Case]
    public async Task A_large_state_and_an_unusual_name_are_kept()
    {
        var journal = await OpenAsync();
        var record = Record(name: "näme 'with\" %_ quotes;--", state: new string('x', 500_000));
        await WriteAsync(journal, record);

        Expect.Equal((await journal.ReadAsync(record.Lineage))!.State.Length, record.State.Length);
        Expect.Equal(await journal.ListDueAsync(Now), new[] { record.Lineage });
    }

    [Case]
    public async Task Many_lineages_are_written_at_the_same_time()
    {
        IRotationJournal[] journals = [await OpenAsync(), await OpenAsync()];
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(async () =>
        {
            for (var revision = 0; revision < 5; revision++)
                await WriteAsync(journals[(number + revision) % 2], Record(revision, name: Text(number), state: Text(revision)));
        })));

        for (var number = 0; number < 20; number++)
        {
            var read = (await journals[0].ReadAsync(Text(number)))!;
            Expect.Equal((read.Revision, read.State), (5L, "4"));
        }
    }

    [Case]
    public async Task No_write_under_a_lock_is_lost()
    {
        IRotationJournal[] journals = [await OpenAsync(), await OpenAsync()];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var done = 0; done < 5;)
            {
                if (await journals[worker % 2].TryLockAsync(Lineage) is not { } held)
                {
                    await Task.Yield();
                    continue;
                }

                await using (held)
                {
                    var present = await journals[worker % 2].ReadAsync(Lineage);
                    var count = int.Parse(present?.State ?? "0", CultureInfo.InvariantCulture);
                    await held.WriteAsync(Record(present?.Revision ?? 0, state: Text(count + 1)));
                    done++;
                }
            }
        })));

        Expect.Equal((await journals[0].ReadAsync(Lineage))!.State, "40");
    }

    private async Task<IRotationJournal> OpenAsync()
    {
        var journal = await stage.OpenAsync();
        _opened.Add(journal);
        return journal;
    }

    private static async Task<IRotationJournalLock> LockedAtLastAsync(IRotationJournal journal)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!limit.IsCancellationRequested)
        {
            if (await journal.TryLockAsync(Lineage) is { } held)
                return held;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new ConformanceException("The lock of a process or connection that has ended is still held.");
    }

    private static async Task ExpectRefusalAsync(IRotationJournalLock held, long revision)
    {
        var refusal = await Expect.Thrown(() => held.WriteAsync(Record(revision, state: "lost", secrets: new() { [9] = [9] })));
        Expect.True(refusal is IOException or InvalidOperationException, $"A write without the lock: {refusal}");
    }

    private static async Task<long> WriteAsync(IRotationJournal journal, RotationRecord record)
    {
        var held = await journal.TryLockAsync(record.Lineage) ?? throw new ConformanceException($"'{record.Lineage}' is locked.");
        await using (held)
            return await held.WriteAsync(record);
    }

    private static Task AcknowledgeAsync(IRotationJournal journal, string consumer, int generation, DateTimeOffset at)
        => journal.AcknowledgeAsync(Lineage, new() { Consumer = consumer, Generation = generation, At = at });

    private static async Task<bool> Disposed(IRotationJournalLock held)
    {
        await held.DisposeAsync();
        return true;
    }

    private static RotationRecord Record(
        long revision = 0, DateTimeOffset? dueAt = null, string state = "{}", Dictionary<int, byte[]>? secrets = null,
        string name = Lineage)
        => new() { Lineage = name, Revision = revision, DueAt = dueAt ?? Now, State = state, SealedSecrets = secrets ?? [] };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void AssertSame(RotationRecord? read, RotationRecord written, long revision)
    {
        Expect.True(read is not null);
        Expect.Equal((read!.Lineage, read.Revision, read.DueAt, read.State), (written.Lineage, revision, written.DueAt, written.State));
        Expect.SameItems(read.SealedSecrets.Keys, written.SealedSecrets.Keys);
        foreach (var (generation, bytes) in written.SealedSecrets)
            Expect.Equal(read.SealedSecrets[generation], bytes);
    }
}
