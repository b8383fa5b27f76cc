using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.DocsTests;

/// <summary>
/// The picture of a trace in docs/telemetry.md shows a real trace of this SDK. With TOKENWRIGHT_WRITE_DOCS=1 in the environment, the test
/// draws it again.
/// </summary>
[CancelAfter(600_000)]
internal sealed partial class TracePictureTests
{
    [Test]
    public async Task The_picture_shows_a_real_trace()
    {
        var spans = await TraceAsync();
        var path = Path.Combine(Page.Root, "docs", "telemetry-trace.svg");
        if (Environment.GetEnvironmentVariable("TOKENWRIGHT_WRITE_DOCS") == "1")
            await File.WriteAllTextAsync(path, TracePicture.Draw(spans));

        // The times differ in each run.
        var shown = Text().Matches(await File.ReadAllTextAsync(path)).Select(match => match.Groups["text"].Value);
        Assert.That(shown, Is.EquivalentTo(TracePicture.Labels(spans)));
        Assert.That(spans, Has.Count.EqualTo(5));
        Assert.That(spans.SelectMany(span => span.Events), Has.One.Items);
    }

    private static async Task<IReadOnlyList<Activity>> TraceAsync()
    {
        using var emulator = new XmsEmulator();
        emulator.Clear();
        for (var i = 0; i < 5; i++)
            emulator.Add(new EmulatedToken { Name = $"token {i}", Roles = ["admin"] });

        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is TokenwrightTelemetry.Name or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        var options = new XmsOptions
        {
            BaseAddress = new Uri(emulator.ConnectionSettings["BaseAddress"]),
            AccessToken = new TokenSecret(emulator.ConnectionSettings["AccessToken"]),
            RetryDelay = TimeSpan.FromMilliseconds(100),
        };
        using var tokens = new TokenClientBuilder(new XmsTokenClient("storage", options)).UseTelemetry().Build();
        await tokens.ListAsync().AsPages().FirstAsync();

        ActivitySource.AddActivityListener(listener);
        await foreach (var token in tokens.ListAsync(new TokenQuery { PageSize = 2 }))
        {
            if (token.Name == "token 0")
                emulator.Faults.Inject(Fault.Status(503));
        }

        var root = stopped.Single(span => span.Source.Name == TokenwrightTelemetry.Name);
        return [.. stopped.Where(span => span.TraceId == root.TraceId).OrderBy(span => span.StartTimeUtc)];
    }

    [GeneratedRegex("""<text(?![^>]*class="time")[^>]*>(?<text>[^<]*)</text>""")]
    private static partial Regex Text();
}
