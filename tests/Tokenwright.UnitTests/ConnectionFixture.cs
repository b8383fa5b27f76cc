using System.Text;
using Microsoft.Extensions.Logging;
using Tokenwright.Adapters;
using Tokenwright.Http;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>The base of the tests of requests that a connection sends through the program's transport.</summary>
internal abstract class ConnectionFixture
{
    protected const string Path = "/writes";
    private readonly List<IDisposable> _opened = [];
    protected VendorServer _vendor = null!;

    /// <summary>The server clock of the most recent client's connection.</summary>
    protected ServerClock _serverClock = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("GET", Path, VendorResponse.Json(200, "[]"));
        _vendor.On("POST", Path, VendorResponse.Json(503, "{}"));
    }

    [TearDown]
    public void Stop()
    {
        foreach (var opened in _opened)
            opened.Dispose();
        _opened.Clear();
        _vendor.Dispose();
    }

    protected static SocketsHttpHandler Sockets() => new() { AllowAutoRedirect = false };

    protected static HttpRequestMessage Write(string body = "body")
        => new(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };

    protected static HttpRequestMessage Read() => new(HttpMethod.Get, Path);

    protected int Count(string method) => _vendor.Requests.Count(request => request.Method == method);

    protected void Opened(params IDisposable[] opened) => _opened.AddRange(opened);

    protected HttpClient Client(
        HttpMessageHandler transport, Uri? address = null, Action<SailPointOptions>? change = null, TimeProvider? clock = null,
        ILoggerFactory? logs = null)
    {
        var options = new SailPointOptions
            { BaseAddress = address ?? _vendor.BaseAddress, ClientId = "id", ClientSecret = new TokenSecret("unused"), MaxRetries = 0 };
        change?.Invoke(options);
        var connection = VendorConnection.Open(SailPointVendor.Instance, "prod", () => options,
            new() { Transport = transport, TimeProvider = clock ?? TimeProvider.System, LoggerFactory = logs });
        _serverClock = connection.ServerClock;
        var client = connection.CreateHttpClient();
        Opened(client, connection, transport);
        return client;
    }
}
