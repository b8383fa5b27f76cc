namespace Tokenwright.Testing;

/// <summary>Something that goes wrong with one call. Put into a server with <see cref="FaultScript.Inject"/>.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Fault(FaultKind kind) => Kind = kind;

    internal FaultKind Kind { get; }

    internal TimeSpan Wait { get; private init; }

    internal int Bytes { get; private init; }

    internal VendorAnswer? Replacement { get; private init; }

    /// <summary>
    /// Done when the fault has happened for the first time: what is to come while a call is held by it can then follow. In the middle of an answer, that is when the
    /// request was carried out and the bytes that come first have been passed on; never, if the answer has fewer of them.
    /// </summary>
    public Task Happened => _happened.Task;

    /// <summary>
    /// Whether the request is carried out before the fault: the answer is lost, but what was asked for is done. True for stalls, cuts and resets
    /// unless <see cref="BeforeHandling"/> says otherwise, and for delays.
    /// </summary>
    public bool IsHandled { get; private init; }

    internal bool BreaksAnswer => IsHandled && Kind != FaultKind.Delay;

    /// <summary>The request waits before it is carried out, by the server's clock; it is carried out also if the client doesn't wait for it.</summary>
    /// <param name="wait">How long.</param>
    public static Fault Delay(TimeSpan wait) => new(FaultKind.Delay) { Wait = wait, IsHandled = true };

    /// <summary>The answer begins, then nothing more comes; the connection stays open until the client or the server ends it.</summary>
    /// <param name="afterBytes">How many bytes of the answer come first, its head included.</param>
    public static Fault Stall(int afterBytes = 0) => new(FaultKind.Stall) { Bytes = afterBytes, IsHandled = true };

    /// <summary>The connection is closed in the middle of the answer.</summary>
    /// <param name="afterBytes">How many bytes of the answer come first, its head included.</param>
    public static Fault Cut(int afterBytes = 0) => new(FaultKind.Cut) { Bytes = afterBytes, IsHandled = true };

    /// <summary>The connection is reset (TCP RST) in the middle of the answer.</summary>
    /// <param name="afterBytes">How many bytes of the answer come first, its head included.</param>
    public static Fault Reset(int afterBytes = 0) => new(FaultKind.Reset) { Bytes = afterBytes, IsHandled = true };

    /// <summary>Another answer comes in place of the vendor's; the request is not carried out.</summary>
    /// <param name="answer">The answer.</param>
    public static Fault Answer(VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new(FaultKind.Answer) { Replacement = answer };
    }

    /// <summary>An empty answer of a status comes in place of the vendor's; the request is not carried out.</summary>
    /// <param name="status">The HTTP status.</param>
    public static Fault Status(int status) => Answer(VendorAnswer.Empty(status));

    /// <summary>HTTP 429 comes in place of the vendor's answer; the request is not carried out.</summary>
    /// <param name="retryAfter">What <c>Retry-After</c> says, in whole seconds; null sends none.</param>
    public static Fault TooManyRequests(TimeSpan? retryAfter = null)
    {
        var answer = VendorAnswer.Json(429, "{}");
        return Answer(retryAfter is { } wait ? answer.With("Retry-After", ((long)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)) : answer);
    }

    /// <summary>The same stall, cut or reset, but before the request is carried out: what was asked for is not done.</summary>
    /// <exception cref="InvalidOperationException">The fault is none of these, or lets a part of the answer through, which only a handled request has.</exception>
    public Fault BeforeHandling()
        => Kind is (FaultKind.Stall or FaultKind.Cut or FaultKind.Reset) && Bytes == 0
            ? new(Kind)
            : throw new InvalidOperationException("Only a stall, cut or reset after 0 bytes can come before the request is carried out.");

    internal void Happen() => _happened.TrySetResult();
}

internal enum FaultKind
{
    Delay,
    Stall,
    Cut,
    Reset,
    Answer,
}
