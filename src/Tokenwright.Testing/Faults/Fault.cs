namespace Tokenwright.Testing;

/// <summary>Something that goes wrong with one call. Put into a server with <see cref="FaultScript.Inject"/>.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Fault(FaultKind kind) => Kind = kind;

    internal FaultKind Kind { get; }

    internal TimeSpan Wait { get; private init; }

    internal int Bytes { get; private init; }

    internal bool IsInBody { get; private init; }

    internal Func<ReceivedRequest, VendorResponse>? Replacement { get; private init; }

    /// <summary>
    /// Gets a task that completes when the fault has happened for the first time: what is to come while a call is held by it can then
    /// follow. In the middle of a response, that is when the request was carried out and the bytes that come first have been passed on;
    /// never, if the response has fewer of them.
    /// </summary>
    public Task Happened => _happened.Task;

    /// <summary>
    /// Gets a task that completes when the first request that met the fault has been carried out; never, where <see cref="IsHandled"/> says
    /// that none is.
    /// </summary>
    public Task Handled => _handled.Task;

    /// <summary>
    /// Gets or initializes whether the request is carried out: the response is lost, but what was asked for is done. True for stalls, cuts
    /// and resets unless <see cref="BeforeHandling"/> says otherwise, and for delays; false for other responses unless
    /// <see cref="AfterHandling"/> says otherwise.
    /// </summary>
    public bool IsHandled { get; private init; }

    internal bool BreaksResponse => IsBreak && IsHandled;

    /// <summary>
    /// Creates a fault with which the request waits before it is carried out, by the server's clock. It is carried out also if the client
    /// doesn't wait for it.
    /// </summary>
    /// <param name="wait">How long.</param>
    public static Fault Delay(TimeSpan wait) => new(FaultKind.Delay) { Wait = wait, IsHandled = true };

    /// <summary>
    /// Creates a fault with which the response begins, then nothing more comes; the connection stays open until the client or the server
    /// ends it.
    /// </summary>
    /// <param name="afterBytes">How many bytes of the response come first, its head included.</param>
    public static Fault Stall(int afterBytes = 0) => new(FaultKind.Stall) { Bytes = afterBytes, IsHandled = true };

    /// <summary>Creates a fault that closes the connection in the middle of the response.</summary>
    /// <param name="afterBytes">How many bytes of the response come first, its head included.</param>
    public static Fault Cut(int afterBytes = 0) => new(FaultKind.Cut) { Bytes = afterBytes, IsHandled = true };

    /// <summary>Creates a fault that resets the connection (TCP RST) in the middle of the response.</summary>
    /// <param name="afterBytes">How many bytes of the response come first, its head included.</param>
    public static Fault Reset(int afterBytes = 0) => new(FaultKind.Reset) { Bytes = afterBytes, IsHandled = true };

    /// <summary>Creates a fault with which another response comes in place of the vendor's; the request is not carried out.</summary>
    /// <param name="response">The response.</param>
    public static Fault Respond(VendorResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Respond(_ => response);
    }

    /// <summary>
    /// Creates a fault with which another response, made from the request, comes in place of the vendor's; the request is not carried out.
    /// </summary>
    /// <param name="response">Makes the response.</param>
    public static Fault Respond(Func<ReceivedRequest, VendorResponse> response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new(FaultKind.Response) { Replacement = response };
    }

    /// <summary>
    /// Creates a fault with which an empty response of a status comes in place of the vendor's; the request is not carried out.
    /// </summary>
    /// <param name="status">The HTTP status.</param>
    public static Fault Status(int status) => Respond(VendorResponse.Empty(status));

    /// <summary>Creates a fault with which HTTP 429 comes in place of the vendor's response; the request is not carried out.</summary>
    /// <param name="retryAfter">What <c>Retry-After</c> says, in whole seconds; null sends none.</param>
    public static Fault TooManyRequests(TimeSpan? retryAfter = null)
    {
        var response = VendorResponse.Json(429, "{}");
        return Respond(retryAfter is { } wait ? response.With(
            "Retry-After", ((long)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)) : response);
    }

    /// <summary>Creates the same stall, cut or reset, but before the request is carried out: what was asked for is not done.</summary>
    /// <exception cref="InvalidOperationException">The fault is none of these, or lets a part of the response through, which only a handled
    /// request has.</exception>
    public Fault BeforeHandling()
        => IsBreak && Bytes == 0 && !IsInBody
            ? new(Kind)
            : throw new InvalidOperationException("Only a stall, cut or reset after 0 bytes can come before the request is carried out.");

    /// <summary>
    /// Creates the same other response, but the request is carried out before: what was asked for is done, whatever the response says.
    /// </summary>
    /// <exception cref="InvalidOperationException">The fault is no other response.</exception>
    public Fault AfterHandling()
        => Kind == FaultKind.Response
            ? new(Kind) { Replacement = Replacement, IsHandled = true }
            : throw new InvalidOperationException("Only another response can be moved behind what the request asks for.");

    /// <summary>
    /// Creates the same stall, cut or reset, with its bytes counted from the beginning of the response's body. A response whose body is not
    /// so long comes whole.
    /// </summary>
    /// <exception cref="InvalidOperationException">The fault is none of these, or comes before the request is carried out.</exception>
    public Fault InBody()
        => BreaksResponse
            ? new(Kind) { Bytes = Bytes, IsInBody = true, IsHandled = true }
            : throw new InvalidOperationException("Only a stall, cut or reset of the vendor's response can come in its body.");

    internal void Happen() => _happened.TrySetResult();

    internal void Handle() => _handled.TrySetResult();

    private bool IsBreak => Kind is FaultKind.Stall or FaultKind.Cut or FaultKind.Reset;
}
