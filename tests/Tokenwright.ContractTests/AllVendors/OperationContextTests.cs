using System.Net;
using Microsoft.Extensions.Configuration;
using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Each request carries the operation that it belongs to, for the handlers of the connection and of the program.</summary>
internal sealed class OperationContextTests 
{
    private Recorder _recorder = null!;
    private VendorEmulator? _emulator;

    [SetUp]
    public void Begin() => _recorder = new Recorder();

    [TearDown]
    public void End()
    {
        _emulator?.Dispose();
        _recorder.Dispose();
    }

    [Test]
    public void A_typed_client_of_an_adapter_sends_nothing_without_an_operation()
    {
        using var httpClient = new HttpClient(_recorder, disposeHandler: false) { BaseAddress = new Uri("https://fimidara.example/") };
        var client = new FimidaraApiClient(httpClient) { RequiresOperation = true };

        Assert.That(async () => await client.GetAgentTokenAsync(new()), Throws.InvalidOperationException);
        Assert.That(_recorder.Sent, Is.Empty);
    }

    [Test]
    public async Task A_typed_client_on_its_own_has_no_operation_and_may_write()
    {
        var emulator = new FimidaraEmulator();
        var token = emulator.Add(new EmulatedToken { Name = "build server" });
        using var client = Open(emulator);

        await ((IFimidaraApiClient)client.GetService(typeof(IFimidaraApiClient))!).GetAgentTokenAsync(new() { TokenId = token.Id });

        Assert.That(_recorder.Sent, Is.EqualTo(new[] { ("/v1/agentTokens/getToken", (TokenOperation?)null, false) }));
    }

    [Test]
    public async Task A_look_up_within_a_change_only_reads()
    {
        var emulator = new XmsEmulator();
        var token = emulator.Add(new EmulatedToken { Name = "build server" });
        using var client = Open(emulator);

        await client.RevokeAsync(TokenReference.BySecret(token.Secret!));

        Assert.That(_recorder.Sent.Select(sent => (sent.Operation, sent.IsReadOnly)), Is.EqualTo(new[]
        {
            ((TokenOperation?)TokenOperation.Revoke, true), (TokenOperation.Revoke, false),
        }));
    }

    [Test]
    public async Task An_exchange_belongs_to_no_operation_and_only_reads()
    {
        using var client = Open(new SailPointEmulator());

        await client.ListAsync().ToListAsync();

        Assert.That(_recorder.Sent.Select(sent => (sent.Operation, sent.IsReadOnly)), Is.EqualTo(new[]
        {
            ((TokenOperation?)null, true), (TokenOperation.List, true),
        }));
    }

    private ITokenClient Open(VendorEmulator emulator)
    {
        _emulator = emulator;
        _recorder.InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false };
        var vendor = TokenVendors.Find(emulator.Vendor)!;
        var options = vendor.CreateOptions();
        new ConfigurationBuilder().AddInMemoryCollection(emulator.ConnectionSettings!).Build().Bind(options);
        return vendor.CreateClient("c", options, new ConnectionEnvironment { Transport = _recorder });
    }

    private sealed class Recorder : DelegatingHandler
    {
        public List<(string Path, TokenOperation? Operation, bool IsReadOnly)> Sent { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var context = OperationContext.Of(request)!;
            Sent.Add((request.RequestUri!.AbsolutePath, context.Operation, context.IsReadOnly));
            return InnerHandler is null
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent)) : base.SendAsync(request, cancellationToken);
        }
    }
}
