namespace Tokenwright.Testing;

/// <summary>Represents a fault of one call. Add it to a server with <see cref="FaultScript.Inject"/>.</summary>
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
    /// Gets a task that completes when the fault has happened for the first time, so that a test can continue while a call is held. For a
    /// fault in the middle of a response, this is when the request was carried out and the first bytes were sent. If the response has fewer
    /// bytes, the task never completes.
    /// </summary>
    public Task Happened => _happened.Task;

    /// <summary>
    /// Gets a task that completes when the first request with the fault has been carried out. If <see cref="IsHandled"/> is false, it never
    /// completes.
    /// </summary>
    public Task Handled => _handled.Task;

    /// <summary>
    /// Gets or initializes whether the request is carried out, so that only the response is lost. It is true for stalls, cuts and resets
    /// unless <see cref="BeforeHandling"/> is used, and for delays. It is false for other responses unless <see cref="AfterHandling"/> is
    /// used.
    /// </summary>
    public bool IsHandled { get; private init; }

    internal bool BreaksResponse => IsBreak && IsHandled;

    /// <summary>
    /// Creates a fault that delays a request before it is carried out, by the server's clock. The request is carried out even if the client
    /// doesn't wait for it.
    /// </summary>
    /// <param name="wait">The delay.</param>
    public static Fault Delay(TimeSpan wait) => new(FaultKind.Delay) { Wait = wait, IsHandled = true };

    /// <summary>
    /// Creates a fault that stops sending in the middle of the response. The connection stays open until the client or the server closes
    /// it.
    /// </summary>
    /// <param name="afterBytes">The number of bytes of the response that are sent first, including its head.</param>
    public static Fault Stall(int afterBytes = 0) => new(FaultKind.Stall) { Bytes = afterBytes, IsHandled = true };

    /// <summary>Creates a fault that closes the connection in the middle of the response.</summary>
    /// <param name="afterBytes">The number of bytes of the response that are sent first, including its head.</param>
    public static Fault Cut(int afterBytes = 0) => new(FaultKind.Cut) { Bytes = afterBytes, IsHandled = true };

    /// <summary>Creates a fault that resets the connection (TCP RST) in the middle of the response.</summary>
    /// <param name="afterBytes">The number of bytes of the response that are sent first, including its head.</param>
    public static Fault Reset(int afterBytes = 0) => new(FaultKind.Reset) { Bytes = afterBytes, IsHandled = true };

    /// <summary>Creates a fault that replaces the vendor's response. The request is not carried out.</summary>
    /// <param name="response">The response.</param>
    public static Fault Respond(VendorResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Respond(_ => response);
    }

    /// <summary>
    /// Creates a fault that replaces the vendor's response with one that is created from the request. The request is not carried out.
    /// </summary>
    /// <param name="response">Creates the response.</param>
    public static Fault Respond(Func<ReceivedRequest, VendorResponse> response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new(FaultKind.Response) { Replacement = response };
    }

    /// <summary>Creates a fault that replaces the vendor's response with a status without a body. The request is not carried out.</summary>
    /// <param name="status">The HTTP status.</param>
    public static Fault Status(int status) => Respond(VendorResponse.Empty(status));

    /// <summary>Creates a fault that replaces the vendor's response with HTTP 429. The request is not carried out.</summary>
    /// <param name="retryAfter">The value of <c>Retry-After</c>, in whole seconds; null for no header.</param>
    public static Fault TooManyRequests(TimeSpan? retryAfter = null)
    {
        var response = VendorResponse.Json(429, "{}");
        return Respond(retryAfter is { } wait ? response.With(
            "Retry-After", ((long)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture)) : response);
    }

    /// <summary>Creates a copy of a stall, cut or reset that happens before the request is carried out.</summary>
    /// <exception cref="InvalidOperationException">
    /// The fault is of another kind, or sends a part of the response, which requires that the request is carried out.
    /// </exception>
    public Fault BeforeHandling()
        => IsBreak && Bytes == 0 && !IsInBody
            ? new(Kind)
            : throw new InvalidOperationException("Only a stall, cut or reset after 0 bytes can come before the request is carried out.");

    /// <summary>
    /// Creates a copy of a fault with another response, with which the request is carried out first, whatever the response says.
    /// </summary>
    /// <exception cref="InvalidOperationException">The fault has no other response.</exception>
    public Fault AfterHandling()
        => Kind == FaultKind.Response
            ? new(Kind) { Replacement = Replacement, IsHandled = true }
            : throw new InvalidOperationException("Only a fault with another response can happen after the request is carried out.");

    /// <summary>
    /// Creates a copy of a stall, cut or reset that counts its bytes from the start of the response's body. A response with a shorter body
    /// is sent completely.
    /// </summary>
    /// <exception cref="InvalidOperationException">The fault is of another kind, or happens before the request is carried out.</exception>
    public Fault InBody()
        => BreaksResponse
            ? new(Kind) { Bytes = Bytes, IsInBody = true, IsHandled = true }
            : throw new InvalidOperationException("Only a stall, cut or reset of the vendor's response can come in its body.");

    internal void Happen() => _happened.TrySetResult();

    internal void Handle() => _handled.TrySetResult();

    private bool IsBreak => Kind is FaultKind.Stall or FaultKind.Cut or FaultKind.Reset;
}
