using System.Globalization;
using System.Runtime.Versioning;
using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

[Platform("Linux,MacOsX")]
[UnsupportedOSPlatform("windows")]
internal sealed class SinkTests
{
    private string _directory = null!;

    private string SecretPath => Path.Combine(_directory, "secret.json");

    [SetUp]
    public void Create() => _directory = Directory.CreateTempSubdirectory("tokenwright-sink-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task A_file_has_generation_id_and_secret_and_only_its_owner_can_read_it()
    {
        var sink = new FileSecretSink(SecretPath);
        await sink.WriteAsync(Secret(3));

        Assert.That(await File.ReadAllTextAsync(SecretPath), Is.EqualTo("""{"generation":3,"id":"id-3","secret":"secret-3"}"""));
        Assert.That(File.GetUnixFileMode(SecretPath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Directory.GetFileSystemEntries(_directory), Is.EqualTo(new[] { SecretPath }));
        var read = (await sink.ReadBackAsync())!;
        Assert.That((read.Generation, read.Id, read.Secret.Reveal()), Is.EqualTo((3, "id-3", "secret-3")));
    }

    [Test]
    public async Task A_file_of_the_secret_alone_has_nothing_else_and_can_t_be_read_back()
    {
        var sink = new FileSecretSink(SecretPath) { IsText = true };
        await sink.WriteAsync(Secret(3));

        Assert.That(await File.ReadAllTextAsync(SecretPath), Is.EqualTo("secret-3"));
        Assert.That(await sink.ReadBackAsync(), Is.Null);
    }

    [Test]
    public async Task A_reader_never_sees_a_part()
    {
        var sink = new FileSecretSink(SecretPath);
        await sink.WriteAsync(Secret(1));
        using var stop = new CancellationTokenSource();

        // They have threads of their own: the writer needs those of the pool.
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var reads = 0;
                for (; !stop.IsCancellationRequested; reads++)
                {
                    var read = SecretJson.Read(File.ReadAllBytes(SecretPath), "any")!;
                    if (read.Id != $"id-{read.Generation}" || read.Secret.Reveal() != $"secret-{read.Generation}")
                        throw new InvalidOperationException("It is torn.");
                }

                return reads;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        for (var generation = 2; generation <= 1000; generation++)
            await sink.WriteAsync(Secret(generation));
        await stop.CancelAsync();

        Assert.That((await Task.WhenAll(readers)).Sum(), Is.GreaterThan(100));
    }

    [Test]
    public async Task What_a_crash_left_beside_a_file_is_removed()
    {
        var stopped = new Freezer(3);
        _ = new FileSecretSink(SecretPath, new AtomicFile(SecretPath, stopped.StepAsync)).WriteAsync(Secret(1));
        await stopped.Frozen;
        Assert.That(Directory.GetFiles(_directory, ".*"), Has.Length.EqualTo(1));

        await new FileSecretSink(SecretPath).WriteAsync(Secret(2));

        Assert.That(Directory.GetFileSystemEntries(_directory), Is.EqualTo(new[] { SecretPath }));
    }

    [Test]
    public async Task A_symbolic_link_stays_one()
    {
        var target = Path.Combine(_directory, "target");
        await File.WriteAllTextAsync(target, "old");
        File.CreateSymbolicLink(SecretPath, target);

        await new FileSecretSink(SecretPath).WriteAsync(Secret(2));

        Assert.That(new FileInfo(SecretPath).LinkTarget, Is.EqualTo(target));
        Assert.That(await File.ReadAllTextAsync(target), Does.Contain("secret-2"));
    }

    [Test]
    public void A_file_in_a_directory_that_does_not_exist_is_refused_clearly()
        => Assert.That(async () => await new FileSecretSink(Path.Combine(_directory, "no", "secret.json")).WriteAsync(Secret(1)),
            Throws.InstanceOf<IOException>().With.Message.Contains(Path.Combine(_directory, "no")));

    [Test]
    public async Task Another_file_is_not_taken_for_a_secret()
    {
        foreach (var text in new[] { "", "plain", "[]", "{}", """{"generation":"x","secret":"s"}""", """{"generation":1,"secret":5}""" })
        {
            await File.WriteAllTextAsync(SecretPath, text);
            Assert.That(await new FileSecretSink(SecretPath).ReadBackAsync(), Is.Null, text);
        }
    }

    [Test]
    public async Task Consumers_acknowledge_beside_the_file()
    {
        await FileSecretSink.AcknowledgeAsync(SecretPath, "a", 4);
        await File.WriteAllTextAsync($"{SecretPath}.ack.b", " 12\n");
        await File.WriteAllTextAsync($"{SecretPath}.ack.c", "soon");
        await File.WriteAllTextAsync($"{SecretPath}.ack.d",
            """{"consumer":"d","generation":3,"time":"2026-11-30T20:05:00.0000000Z"}""");
        await File.WriteAllTextAsync($"{SecretPath}.ack.stranger", "9");

        var read = await new FileSecretSink(SecretPath).ReadAcknowledgementsAsync(["a", "b", "c", "d", "e"]);

        Assert.That(read, Is.EquivalentTo(new Dictionary<string, int> { ["a"] = 4, ["b"] = 12, ["d"] = 3 }));
    }

    [Test]
    public async Task A_command_gets_the_secret_on_its_input_and_never_as_an_argument()
    {
        var output = Path.Combine(_directory, "out");
        await new CommandSecretSink(
            "/bin/sh", "-c", "cat > \"$1\"; echo \"$@\" > \"$1.args\"", "sh", output, "{generation}", "{id}", "{lineage}")
            .WriteAsync(Secret(7));

        Assert.That(await File.ReadAllTextAsync(output), Is.EqualTo("secret-7"));
        Assert.That(await File.ReadAllTextAsync(output + ".args"), Is.EqualTo($"{output} 7 id-7 export\n"));
        await new CommandSecretSink("/bin/sh", "-c", $"cat > '{output}'") { IsJson = true }.WriteAsync(Secret(8));
        Assert.That(await File.ReadAllTextAsync(output), Is.EqualTo("""{"generation":8,"id":"id-8","secret":"secret-8"}"""));
    }

    [Test]
    public void A_command_that_fails_is_reported_without_the_secret()
    {
        var thrown = Assert.ThrowsAsync<IOException>(async () => await new CommandSecretSink(
            "/bin/sh", "-c", "echo \"no such key: $(cat)\" >&2; exit 3").WriteAsync(Secret(7)));

        Assert.That(thrown!.Message, Is.EqualTo("The command '/bin/sh' ended with exit code 3. no such key: ***"));
    }

    [Test]
    public void A_command_that_repeats_its_input_in_any_form_does_not_show_the_secret(
        [Values("cat", "base64", "od -An -tx1 | tr -d ' \\n'")] string repeat, [Values] bool isJson)
    {
        var secret = new RotatedSecret { Lineage = "export", Generation = 7, Secret = new TokenSecret("canary+5c1f<&>'7a90") };
        var thrown = Assert.ThrowsAsync<IOException>(async () => await new CommandSecretSink(
            "/bin/sh", "-c", $"{repeat} >&2; exit 1") { IsJson = isJson }.WriteAsync(secret));

        Assert.That(thrown!.Message, Does.Contain("***").And.Not.Contain("canary").And.Not.Contain("5c1f").And.Not.Contain("7a90")
            .And.Not.Contain("Y2FuYXJ5").And.Not.Contain("63616e617279"));
    }

    [Test]
    public async Task Another_files_temporary_file_is_left_alone_and_a_left_one_is_deleted()
    {
        var name = Path.GetFileName(SecretPath);
        var others = new[] { $".{name}.ack.billing.{Guid.NewGuid():N}.tmp", $".{name}.tmp" };
        var left = Path.Combine(Path.GetDirectoryName(SecretPath)!, $".{name}.{Guid.NewGuid():N}.tmp");
        foreach (var path in others.Select(other => Path.Combine(Path.GetDirectoryName(SecretPath)!, other)).Append(left))
            await File.WriteAllTextAsync(path, "x");

        await new FileSecretSink(SecretPath).WriteAsync(Secret(1));

        Assert.That(others.Select(other => File.Exists(Path.Combine(Path.GetDirectoryName(SecretPath)!, other))), Is.All.True);
        Assert.That(File.Exists(left), Is.False);
    }

    [Test]
    public void A_command_that_does_not_exist_or_end_is_reported()
    {
        Assert.That(async () => await new CommandSecretSink("/no/such/command").WriteAsync(Secret(1)),
            Throws.TypeOf<IOException>().With.Message.Contains("can't be started"));
        Assert.That(
            async () => await new CommandSecretSink("/bin/sh", "-c", "sleep 60") { Timeout = TimeSpan.FromSeconds(0.3) }
                .WriteAsync(Secret(1)),
            Throws.TypeOf<IOException>().With.Message.Contains("did not end"));
    }

    private static RotatedSecret Secret(int generation) => new()
    {
        Lineage = "export", Generation = generation, Id = string.Create(CultureInfo.InvariantCulture, $"id-{generation}"),
        Secret = new TokenSecret(string.Create(CultureInfo.InvariantCulture, $"secret-{generation}")),
    };
}
