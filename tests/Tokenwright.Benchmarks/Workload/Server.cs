using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// The same answers from Kestrel, http on loopback, meant to run in a process of its own. The path says how: <c>/v1</c> at once; <c>/late/v1</c> after 50 ms; <c>/slow/v1</c> a short list
/// whose body comes in slices; <c>/few/v1</c> a list of 20 tokens.
/// </summary>
internal static class Server
{
    public const string AtOnce = "/v1/";
    public const string Late = "/late/v1/";
    public const string Slow = "/slow/v1/";
    public const string Few = "/few/v1/";

    public const int Slices = 8;

    public static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan SliceDelay = TimeSpan.FromMilliseconds(25);

    private static readonly Answers Whole = new(10_000);
    private static readonly Answers OnePage = new(100);
    private static readonly Answers Short = new(20);

    /// <summary>Serves until its standard input ends, which happens at the latest with the process that started it. Prints its address first.</summary>
    /// <param name="port">The port; 0 for any.</param>
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var server = builder.Build();
        server.Run(AnswerAsync);
        await server.StartAsync();
        Console.WriteLine(server.Urls.Single());
        await Console.In.ReadToEndAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var isSlow = path.StartsWith(Slow, StringComparison.Ordinal);
        var answers = isSlow ? OnePage : path.StartsWith(Few, StringComparison.Ordinal) ? Short : Whole;
        if (HttpMethods.IsPost(context.Request.Method))
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        if (path.StartsWith(Late, StringComparison.Ordinal))
            await Task.Delay(Lateness, TimeProvider.System, context.RequestAborted);

        var answer = context.Request.Headers.ContainsKey(Request.TokenHeader)
            ? answers.For(HttpMethods.IsPost(context.Request.Method), path, context.Request.QueryString.Value)
            : new Answer(401, []);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = answer.Body.Length;
        if (!isSlow)
        {
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
            return;
        }

        await context.Response.StartAsync(context.RequestAborted);
        foreach (var slice in answer.Body.Chunk((answer.Body.Length + Slices - 1) / Slices))
        {
            await Task.Delay(SliceDelay, TimeProvider.System, context.RequestAborted);
            await context.Response.Body.WriteAsync(slice, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
