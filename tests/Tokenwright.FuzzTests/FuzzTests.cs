using System.Globalization;

namespace Tokenwright.FuzzTests;

/// <summary>
/// Damaged and hostile responses in every reader: of each operation of each typed client, of each operation of each adapter, and of errors.
/// Only the SDK's own exceptions may be thrown, none may show a secret, no call may hang, and no memory may leak.
/// </summary>
/// <remarks>
/// <c>TOKENWRIGHT_FUZZ_INPUTS</c> sets the number of inputs, <c>TOKENWRIGHT_FUZZ_SEED</c> the seed of the first one. The others have the
/// seeds after it. A failure is printed as a file for the folder Regressions.
/// </remarks>
internal sealed class FuzzTests
{
    private const int DefaultInputs = 50_000;

    // After so many inputs, each type and each thread has filled its caches. From then on, the memory of the runtime varies by less than 2
    // MiB.
    private const double WarmUp = 0.2;
    private const long MostGrowth = 4 * 1024 * 1024;

    private static readonly int Inputs = Setting("TOKENWRIGHT_FUZZ_INPUTS", DefaultInputs);
    private static readonly int Seed = Setting("TOKENWRIGHT_FUZZ_SEED", 1);

    [Order(1)]
    [TestCaseSource(nameof(Regressions))]
    public async Task Inputs_that_once_failed_pass(string file)
        => Assert.That(await FuzzCase.Parse(await File.ReadAllTextAsync(file)).RunAsync(), Is.Null);

    [Test]
    [Order(2)]
    public void Every_reader_is_tested()
    {
        var typed = FuzzTarget.All.Where(target => target.IsTyped).ToList();
        Assert.That(typed.Select(target => target.Operation), Is.EquivalentTo(Corpus.Operations));
        Assert.That(Corpus.Operations, Has.All.Matches((CorpusOperation operation) =>
            operation.Responses.Any(response => response.IsSuccess) && operation.Responses.Any(response => !response.IsSuccess)));
        Assert.That(FuzzConnection.All.Select(connection => connection.Vendor).Distinct(), Is.EquivalentTo(SpecTests.Spec.Vendors.Names));
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{typed.Count} operations of typed clients, {FuzzTarget.All.Count - typed.Count} calls of the facade over " +
            $"{FuzzConnection.All.Count} connections, {Corpus.Responses.Count} responses to begin with"));
    }

    [Test]
    [Order(3)]
    public void Any_response_leads_to_SDK_exceptions_without_secrets_hangs_or_leaks()
    {
        var start = TimeProvider.System.GetTimestamp();
        var warmUp = (int)(Inputs * WarmUp);
        Run(Seed, warmUp);
        var before = Settled();
        Run(unchecked(Seed + warmUp), Inputs - warmUp);
        var growth = Settled() - before;

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Inputs} inputs from seed {Seed}, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F1} s, {growth} bytes of growth"));
        if (Inputs >= DefaultInputs)
            Assert.That(growth, Is.LessThan(MostGrowth));
    }

    // An object with a finalizer keeps its memory until the finalizer has run, and what it references may have one too. Each connection has
    // such objects.
    private static long Settled()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static IEnumerable<TestCaseData> Regressions()
        => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Regressions"), "*.json")
            .Order(StringComparer.Ordinal)
            .Select(file => new TestCaseData(file).SetName(Path.GetFileNameWithoutExtension(file)));

    private static void Run(int seed, int count)
    {
        var run = new FuzzRun(seed, count);
        run.Run();
        Assert.That(run.Failures, Is.Empty, () => string.Join(Environment.NewLine + Environment.NewLine, run.Failures));
    }

    private static int Setting(string name, int otherwise)
        => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
