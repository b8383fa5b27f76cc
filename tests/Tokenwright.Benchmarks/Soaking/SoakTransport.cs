using System.Collections.Concurrent;
using System.Text;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Soaking;

/// <summary>Responds from memory, sometimes at once and sometimes later, and does what is to happen to the call.</summary>
internal sealed class SoakTransport : HttpMessageHandler
{
    private static readonly byte[] NoTokens = """{"access_tokens":[],"paging":{"total_count":0}}"""u8.ToArray();
    private static readonly byte[] Failure = """{"message":"The service is busy."}"""u8.ToArray();

    private readonly ConcurrentDictionary<SoakCall, bool> _failedOnce = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : string.Empty;
        if (SoakCall.Of(request.RequestUri!, sent) is not { } call)
            return CannedTransport.Respond(request, 200, NoTokens.Length, new BodyStream(NoTokens));

        if (call.Number % 3 == 0)
            await Task.Yield();
        if (call.Fault == SoakFault.Cancelled)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        var isFirst = call.Fault is SoakFault.FailsOnce or SoakFault.BreaksOffOnce && IsFirst(call);
        if (call.Fault == SoakFault.Fails || (call.Fault == SoakFault.FailsOnce && isFirst))
            return CannedTransport.Respond(request, 503, Failure.Length, new BodyStream(Failure));
        var body = Encoding.UTF8.GetBytes(
            $$$"""
            {"access_token":{"id":{{{call.Number}}},"name":"{{{call.Name}}}","description":"One of many.","roles":["observer","admin"],
            "user":{"id":7,"name":"anna.okafor"},"used":true,"create":"2026-11-25T12:00:00.123456Z","update":"2026-11-25T12:00:00.123456Z",
            "revision":3,"uuid":"{{{call.Number:x32}}}"}}
            """);
        return CannedTransport.Respond(request, call.IsCreate ? 201 : 200, body.Length, new BodyStream(body, breaksOff: isFirst));
    }

    // A create isn't sent again, so nothing would remove its entry.
    private bool IsFirst(SoakCall call) => call.IsCreate || _failedOnce.TryAdd(call, true) || !_failedOnce.TryRemove(call, out _);
}
