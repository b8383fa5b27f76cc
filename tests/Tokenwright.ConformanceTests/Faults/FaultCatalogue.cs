using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>Contains all faults of the matrix.</summary>
internal static class FaultCatalogue
{
    private const string Before = "before the vendor does anything";
    private const string After = "after the vendor did it";
    private const int SmallCap = 4 * 1024;
    private const int OverCap = 64 * 1024;

    // Within the head, after the start of the status line.
    private const int InHead = 20;

    /// <summary>A wait from the vendor that fits into the time of a call.</summary>
    public static readonly TimeSpan FittingWait = TimeSpan.FromSeconds(5);

    /// <summary>A wait from the vendor that is longer than the time of a call.</summary>
    public static readonly TimeSpan LongWait = TimeSpan.FromHours(1);

    /// <summary>The default upper bound of a wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>How long after the client has given up a late request is carried out.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(100);

    public static IReadOnlyList<FaultCase> All { get; } = [.. Connections(), .. Refusals(), .. Limits(), .. Successes()];

    private static IEnumerable<FaultCase> Connections()
    {
        yield return new("connection refused") { Sight = Sight.NoConnection, IsTypical = true };
        yield return Lost($"reset {Before}", _ => Fault.Reset().BeforeHandling());
        yield return Ended($"closed {Before}", _ => Fault.Cut().BeforeHandling()) with { IsTypical = true };
        yield return Lost($"no response in time, {Before}", _ => Fault.Stall().BeforeHandling()) with { Holds = true, IsTypical = true };
        yield return Lost($"reset {After}", _ => Fault.Reset()) with { IsCarriedOut = true };
        yield return Ended($"closed {After}", _ => Fault.Cut()) with { IsCarriedOut = true, IsTypical = true };
        yield return Ended($"closed {After}, and lists lag", _ => Fault.Cut()) with
            { IsCarriedOut = true, ListLag = Promises.SettleTime - TimeSpan.FromSeconds(1) };
        yield return Ended(
            $"closed {After}, and all logs and listeners throw", _ => Fault.Cut()) with { IsCarriedOut = true, ListenersThrow = true };
        yield return Lost($"no response in time, {After}", _ => Fault.Stall()) with { IsCarriedOut = true, Holds = true, IsTypical = true };
        yield return Lost("executed after the client gave up", _ => Fault.Delay(Promises.AttemptTimeout + Lateness)) with
            { IsCarriedOut = true, Holds = true, IsLate = true };
        yield return Lost("closed inside the headers", _ => Fault.Cut(InHead)) with { IsCarriedOut = true, IsTypical = true };
        yield return Lost("stalled inside the headers", _ => Fault.Stall(InHead)) with { IsCarriedOut = true, Holds = true };
        yield return Lost("stalled in the body", _ => Fault.Stall(1).InBody()) with
            { IsCarriedOut = true, Holds = true, IsInBody = true, IsTypical = true };
        yield return new("closed in the body")
        {
            Sight = Sight.BrokenSuccess,
            Make = _ => Fault.Cut(1).InBody(),
            IsCarriedOut = true,
            IsInBody = true,
            IsTypical = true,
        };

        yield return new("used connection that the server closed while it was idle")
            { Sight = Sight.Success, IsOnUsedConnection = true, ClosesIdleConnection = true };
        yield return Ended($"used connection, closed {Before}", _ => Fault.Cut().BeforeHandling()) with { IsOnUsedConnection = true };
        yield return Ended($"used connection, closed {After}", _ => Fault.Cut()) with { IsCarriedOut = true, IsOnUsedConnection = true };
        yield return Lost($"used connection, reset {Before}", _ => Fault.Reset().BeforeHandling()) with { IsOnUsedConnection = true };
        yield return Lost($"used connection, reset {After}", _ => Fault.Reset()) with { IsCarriedOut = true, IsOnUsedConnection = true };
    }

    private static IEnumerable<FaultCase> Refusals()
    {
        foreach (var status in new[] { 400, 401, 403, 404, 409 })
            yield return Refusal(status) with { IsTypical = status is not 409 };
        foreach (var status in new[] { 401, 404 })
            yield return ForeignPage(status);
        yield return Refusal(302, "302 to another origin",
            scene => VendorResponse.Empty(302).With("Location", $"{scene.Elsewhere}path?secret={scene.Canary}")) with { IsTypical = true };
        yield return ForeignPage(429);
        foreach (var foreign in new[] { ForeignPage(401), ForeignPage(404), ForeignPage(429),
            Refusal(302, "302", scene => VendorResponse.Empty(302).With("Location", scene.Elsewhere.ToString())) })
        {
            var make = foreign.Make!;
            yield return foreign with { Name = $"{foreign.Name}, {After}", IsCarriedOut = true, Make = scene => make(scene).AfterHandling(),
                IsTypical = foreign.Status == HttpStatusCode.NotFound };
        }

        foreach (var status in new[] { 408, 500, 503, 504 })
            yield return Refusal(status) with { IsTypical = status == 500 };
        yield return Page(502);
        foreach (var fault in new[] { Refusal(408), Refusal(500), Page(502), Refusal(503), Refusal(504) })
        {
            var make = fault.Make!;
            yield return fault with { Name = $"{fault.Name}, {After}", IsCarriedOut = true, Make = scene => make(scene).AfterHandling(),
                IsTypical = fault.Status == HttpStatusCode.GatewayTimeout };
        }

        foreach (var isDone in new[] { false, true })
        {
            yield return Refusal(503, $"503{(isDone ? $", {After}" : null)}, and a handler of the program repeats it") with
            {
                IsRepeatedByProgram = true,
                IsCarriedOut = isDone,
                Make = _ => isDone
                    ? Fault.Respond(request => Echo(503, request)).AfterHandling() : Fault.Respond(request => Echo(503, request)),
            };
        }

        yield return Refusal(501);
        yield return Refusal(500, "500 in an unknown character set",
            _ => VendorResponse.Bytes(500, "{}"u8.ToArray(), "application/json; charset=no-such-charset"));
        foreach (var status in new[] { 400, 500 })
        {
            yield return Refusal(status, $"{status} whose body breaks off", _ => Unfinished(status));
            yield return Refusal(status, $"{status} larger than responses may be",
                _ => VendorResponse.Json(status, $"\"{new string('x', OverCap)}\"")) with { MaxResponseBytes = SmallCap };
        }
    }

    private static IEnumerable<FaultCase> Limits()
    {
        static string Seconds(TimeSpan wait) => wait.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        static string Epoch(DateTimeOffset instant) => instant.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        yield return Limit("429", (_, response) => response) with { IsTypical = true };
        yield return Limit("429 with a wait that can't be read", (_, response) => response.With("Retry-After", "soon"));
        yield return Limit("429 with a wait that fits", (_, response) => response.With("Retry-After", Seconds(FittingWait))) with
            { RetryAfter = FittingWait, IsTypical = true };
        yield return Limit("429 with an instant that fits",
            (scene, response) => response.With("Retry-After", (scene.Now() + FittingWait).ToString("r", CultureInfo.InvariantCulture)))
            with { RetryAfter = FittingWait };
        yield return Limit("429 with RateLimit headers whose wait fits",
            (_, response) => response.With("RateLimit-Remaining", "0").With("RateLimit-Reset", Seconds(FittingWait)))
            with { RetryAfter = FittingWait };
        yield return Limit(
            "429 with an epoch that fits", (scene, response) => response.With("Retry-After", Epoch(scene.Now() + FittingWait)))
            with { RetryAfter = FittingWait };
        yield return Limit("429 with RateLimit headers whose epoch fits",
            (scene, response) => response.With("RateLimit-Remaining", "0").With("RateLimit-Reset", Epoch(scene.Now() + FittingWait)))
            with { RetryAfter = FittingWait };
        yield return Limit("429 with a wait that is too long", (_, response) => response.With("Retry-After", Seconds(LongWait))) with
            { RetryAfter = LongestWait, IsTypical = true };
        yield return Limit("429 with an instant that is too far",
            (scene, response) => response.With("Retry-After", (scene.Now() + LongWait).ToString("r", CultureInfo.InvariantCulture)))
            with { RetryAfter = LongestWait };
        yield return Limit(
            "429 with an epoch that is too far", (scene, response) => response.With("Retry-After", Epoch(scene.Now() + LongWait)))
            with { RetryAfter = LongestWait };
        yield return Limit(
            "429 with a number that is beyond all bounds", (_, response) => response.With("Retry-After", "99999999999999999999"))
            with { RetryAfter = LongestWait };
        yield return Refusal(503, "503 with a wait that fits",
            scene => VendorResponse.Empty(503).With("Retry-After", Seconds(FittingWait))) with { RetryAfter = FittingWait };
        yield return Refusal(503, "503 with a wait that is too long",
            scene => VendorResponse.Empty(503).With("Retry-After", Seconds(LongWait))) with { RetryAfter = LongestWait };
    }

    private static IEnumerable<FaultCase> Successes()
    {
        var page = Success("200 with a page", Sight.Page, scene => VendorResponse.Html(200, $"<html>{scene.Canary}</html>")) with
            { IsPage = true, IsTypical = true };
        var invalid =
            Success("200 with invalid JSON", Sight.WrongContent, scene => VendorResponse.Json(200, $$"""{"token": "{{scene.Canary}}", """));
        yield return new("nothing but that all logs and listeners throw") { Sight = Sight.Success, ListenersThrow = true };
        yield return page;
        yield return invalid with { IsTypical = true };
        yield return Success("200 with an array for an object, or an object for an array", Sight.WrongContent,
            scene => VendorResponse.Json(200, scene.IsList ? $$"""{"a":"{{scene.Canary}}"}""" : $"""["{scene.Canary}"]"""))
            with { IsTypical = true };
        yield return Success("200 with a JSON text", Sight.WrongContent, scene => VendorResponse.Json(200, $"\"{scene.Canary}\""));
        yield return Success("200 with JSON null", Sight.WrongContent, _ => VendorResponse.Json(200, "null"));
        yield return Success("200 without a body", Sight.WrongContent, _ => VendorResponse.Empty(200)) with { IsEmptySuccess = true };
        yield return Success("200 with JSON nested too deep", Sight.WrongContent, scene => VendorResponse.Json(200, Nested(scene)));
        yield return Success("200 with more after its JSON", Sight.WrongContent,
            scene => VendorResponse.Json(200, scene.IsList ? $"[] {scene.Canary}" : $$"""{} {{scene.Canary}}"""));
        yield return Success("200 larger than responses may be", Sight.TooLarge,
            scene => VendorResponse.Json(200, $"\"{scene.Canary}{new string('x', OverCap)}\""))
            with { MaxResponseBytes = SmallCap, IsTypical = true };
        yield return Success("200 larger than responses may be once it is decompressed", Sight.TooLarge,
            scene => Compressed($"\"{scene.Canary}{new string('x', OverCap)}\"")) with { MaxResponseBytes = SmallCap };
        yield return Success("200 with a compressed body that isn't", Sight.BrokenSuccess,
            scene => VendorResponse.Json(200, $"\"{scene.Canary}\"").With("Content-Encoding", "gzip"));
        foreach (var fault in new[] { page, invalid })
        {
            var make = fault.Make!;
            yield return fault with
                { Name = $"{fault.Name}, {After}", IsCarriedOut = true, Make = scene => make(scene).AfterHandling(), IsTypical = false };
        }
    }

    private static FaultCase Lost(string name, Func<FaultScene, Fault> make) => new(name) { Sight = Sight.NoResponse, Make = make };

    private static FaultCase Ended(string name, Func<FaultScene, Fault> make) => Lost(name, make) with { IsSilentEnd = true };

    private static FaultCase Refusal(int status, string? name = null, Func<FaultScene, VendorResponse>? response = null)
        => new(name ?? status.ToString(CultureInfo.InvariantCulture))
    {
        Sight = Sight.Refusal,
        Status = (HttpStatusCode)status,
        Make = response is null ? _ => Fault.Respond(request => Echo(status, request)) : scene => Fault.Respond(_ => response(scene)),
    };

    private static FaultCase ForeignPage(int status)
        => Refusal(status, $"{status} with a page", _ => VendorResponse.Html(status, "<html>somebody else's</html>")) with
            { IsPage = true };

    private static FaultCase Page(int status)
        => Refusal(status, $"{status} with a page", _ => VendorResponse.Html(status, "<html>Bad gateway</html>")) with { IsPage = true };

    private static FaultCase Limit(string name, Func<FaultScene, VendorResponse, VendorResponse> with)
        => new(name) { Sight = Sight.Refusal, Status = HttpStatusCode.TooManyRequests,
            Make = scene => Fault.Respond(request => with(scene, Echo(429, request))) };

    private static FaultCase Success(string name, Sight sight, Func<FaultScene, VendorResponse> response)
        => new(name) { Sight = sight, Status = HttpStatusCode.OK, Make = scene => Fault.Respond(_ => response(scene)) };

    // Repeats the whole request, including its credential, in every member that a vendor's error reader reads.
    private static VendorResponse Echo(int status, ReceivedRequest request)
    {
        var words = $"Refused: {string.Join(" ", request.HeaderNames.Where(name => name is not "Host").Select(request.Header))} " +
            $"{request.PathAndQuery} {request.Body}";
        var body = new JsonObject
        {
            ["message"] = words,
            ["error"] = words,
            ["error_message"] = words,
            ["messages"] = new JsonArray(new JsonObject { ["text"] = words }),
            ["errors"] = new JsonArray(new JsonObject { ["name"] = "EmulatedFault", ["message"] = words, ["field"] = words }),
        };
        return VendorResponse.Json(status, body.ToJsonString());
    }

    // The server closes the connection because fewer bytes were written than announced.
    private static VendorResponse Unfinished(int status)
        => VendorResponse.Json(status, """{"message":"The""").With("Content-Length", "1000");

    private static string Nested(FaultScene scene)
    {
        const int Depth = 200;
        var deep = $"{new string('[', Depth)}\"{scene.Canary}\"{new string(']', Depth)}";
        return scene.IsList ? deep : $$"""{"deep":{{deep}}}""";
    }

    private static VendorResponse Compressed(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return VendorResponse.Bytes(200, compressed.ToArray(), "application/json").With("Content-Encoding", "gzip");
    }
}
