using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>The base of the tests of certificates, proxies and plain http: a vendor, an authority, and a folder for files.</summary>
internal abstract class TransportFixture
{
    protected const string Token = "own-secret-value";
    private readonly List<IDisposable> _opened = [];
    protected VendorServer _vendor = null!;
    protected TestAuthority _authority = null!;
    private string _folder = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, """{"access_token":{"id":7}}"""));
        _authority = new TestAuthority();
        _folder = Directory.CreateTempSubdirectory("tokenwright-transport-").FullName;
    }

    [TearDown]
    public void Stop()
    {
        _opened.ForEach(opened => opened.Dispose());
        _opened.Clear();
        _vendor.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    protected string In(string name) => Path.Combine(_folder, name);

    protected string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    protected T Opened<T>(T opened)
        where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    /// <summary>Creates the options of a connection to a server on this machine.</summary>
    protected static XmsOptions Options(string address, Action<XmsOptions>? change = null)
    {
        var options = new XmsOptions
        {
            BaseAddress = new Uri($"{address}/v1"),
            AccessToken = new TokenSecret(Token),
            MaxRetries = 0,

            // Much longer than any machine needs.
            AttemptTimeout = TimeSpan.FromMinutes(2),
            TotalTimeout = TimeSpan.FromMinutes(2),
        };
        change?.Invoke(options);
        return options;
    }

    protected XmsTokenClient Open(string address, Action<XmsOptions>? change = null, ConnectionEnvironment? environment = null)
        => Opened(new XmsTokenClient("lab", Options(address, change), environment));

    protected static Task<ApiToken> CallAsync(ITokenClient client) => client.GetAsync(TokenReference.ById("7"));

    protected static TException Failure<TException>(ITokenClient client)
        where TException : TokenClientException
        => Assert.CatchAsync<TException>(async () => await CallAsync(client))!;
}
