using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// Returns the same responses from Kestrel, over http on loopback, usually in a process of its own. The path selects how: <c>/v1</c>
/// immediately; <c>/late/v1</c> after 50 ms; <c>/slow/v1</c> a short list whose body arrives in slices; <c>/few/v1</c> a list of 20 tokens;
/// <c>/requests</c> the number of requests so far.
/// </summary>
internal static class Server
{
    public const string AtOnce = "/v1/";
    public const string Late = "/late/v1/";
    public const string Slow = "/slow/v1/";
    public const string Few = "/few/v1/";
    public const string Requests = "/requests";

    public const int Slices = 8;

    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan SliceDelay = TimeSpan.FromMilliseconds(25);

    private static readonly Responses Whole = new(10_000);

    // Not a multiple of 50: after a first page that may be full, the facade asks for another one, and the other clients don't.
    private static readonly Responses OnePage = new(90);

    private static readonly Responses Short = new(20);

    private static int _requests;

    /// <summary>
    /// Serves until the standard input is closed, at the latest when the process that started it exits. Prints the address first.
    /// </summary>
    /// <param name="port">The port; 0 for any.</param>
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var server = builder.Build();
        server.Run(RespondAsync);
        await server.StartAsync();
        Console.WriteLine(server.Urls.Single());
        await Console.In.ReadToEndAsync();
    }

    private static async Task RespondAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == Requests)
        {
            await context.Response.WriteAsync(_requests.ToString(CultureInfo.InvariantCulture));
            return;
        }

        Interlocked.Increment(ref _requests);
        var isSlow = path.StartsWith(Slow, StringComparison.Ordinal);
        var responses = isSlow ? OnePage : path.StartsWith(Few, StringComparison.Ordinal) ? Short : Whole;
        if (HttpMethods.IsPost(context.Request.Method))
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        if (path.StartsWith(Late, StringComparison.Ordinal))
            await Task.Delay(Lateness, TimeProvider.System, context.RequestAborted);

        var response = responses.For(
            context.Request.Headers.ContainsKey(Request.TokenHeader), HttpMethods.IsPost(context.Request.Method), path,
            context.Request.QueryString.Value);
        context.Response.StatusCode = response.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = response.Body.Length;
        if (!isSlow)
        {
            await context.Response.Body.WriteAsync(response.Body, context.RequestAborted);
            return;
        }

        await context.Response.StartAsync(context.RequestAborted);
        foreach (var slice in response.Body.Chunk((response.Body.Length + Slices - 1) / Slices))
        {
            await Task.Delay(SliceDelay, TimeProvider.System, context.RequestAborted);
            await context.Response.Body.WriteAsync(slice, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
