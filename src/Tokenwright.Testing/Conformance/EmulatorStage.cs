namespace Tokenwright.Testing.Conformance;

/// <summary>Represents a vendor that is an emulator.</summary>
/// <param name="emulator">The emulator. It is disposed with the stage.</param>
/// <param name="open">
/// Creates a client from the token that it uses, or null for the emulator's own credential, and from its transport. The clock stands still,
/// so the client must not retry and must have no rate limit. Otherwise it would wait forever.
/// </param>
public class EmulatorStage(VendorEmulator emulator, Func<EmulatedToken?, HttpMessageHandler, ITokenClient> open) : ConformanceStage
{
    private HoldingTransport? _newest;

    /// <summary>Gets the emulator.</summary>
    public VendorEmulator Emulator => emulator;

    /// <inheritdoc />
    public override IReadOnlyList<EmulatedToken> Tokens => emulator.Tokens;

    /// <inheritdoc />
    public override int Requests => emulator.Requests.Count;

    /// <inheritdoc />
    public override EmulatedToken Add(EmulatedToken token) => emulator.Add(token);

    /// <inheritdoc />
    public override void Remove(EmulatedToken token) => emulator.Remove(token);

    /// <inheritdoc />
    public override void Clear() => emulator.Clear();

    /// <inheritdoc />
    public override Task Hold(TokenOperation operation, int number)
        => (_newest ?? throw new InvalidOperationException("There is no client yet whose request could be held.")).Hold(number);

    /// <inheritdoc />
    public override bool LimitPages(int most)
    {
        emulator.LargestPage = most;
        return true;
    }

    /// <inheritdoc />
    public override bool RespondNext(string json)
    {
        emulator.Faults.Inject(Fault.Respond(VendorResponse.Json(200, json)));
        return true;
    }

    /// <inheritdoc />
    protected override ITokenClient CreateClient(EmulatedToken? own)
    {
        Own(_newest = new HoldingTransport(emulator.Faults));
        return open(own, _newest);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            emulator.Dispose();
    }

    // The emulator holds the request. The transport counts, because only the transport knows which client sends a request.
    private sealed class HoldingTransport(FaultScript faults)
        : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        private readonly Fault _stall = Fault.Stall().BeforeHandling();
        private int _left = -1;

        public Task Hold(int number)
        {
            _left = number;
            return _stall.Happened;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Decrement(ref _left) == 0)
                faults.Inject(_stall);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
