using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Tokenwright.Testing;
using Tokenwright.UnitTests;

namespace Tokenwright.RotationTests;

/// <summary>
/// A stub of the REST API of an Azure Key Vault, by the vendor's documents: a challenge for requests without a token, versions of secrets,
/// tags. The client reaches it over TLS by the vault's own host name.
/// </summary>
internal sealed class KeyVaultStub : IDisposable
{
    private const string Tenant = "f3a1c2d4-0000-4000-8000-0000000000aa";

    private static int _vaults;

    // The client's library remembers the challenge of a host for all clients of a process.
    private readonly string _host = FormattableString.Invariant($"tokens{Interlocked.Increment(ref _vaults)}.vault.azure.net");
    private readonly VendorServer _server = new();
    private readonly TestAuthority _authority = new();
    private readonly X509Certificate2 _certificate;
    private readonly TlsServer _tls;
    private readonly HttpClient _http;
    private readonly StubCredential _credential = new();

    public KeyVaultStub()
    {
        _certificate = _authority.Issue(_host);
        _tls = new TlsServer(_certificate, _server.BaseAddress.Port);
        _server.On("GET", "/secrets/*", request => Refused(request) ?? Get(NameIn(request)));
        _server.On("PUT", "/secrets/*", request => Refused(request) ?? Put(NameIn(request), JsonNode.Parse(request.Body)!.AsObject()));
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, _tls.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority.Certificate },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        });
        Client = new SecretClient(new Uri($"https://{_host}/"), _credential, new SecretClientOptions
        {
            Transport = new HttpClientTransport(_http),
            Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) },
        });
    }

    public SecretClient Client { get; }

    /// <summary>Gets the versions of the secrets, by name.</summary>
    public Dictionary<string, List<JsonObject>> Versions { get; } = [];

    /// <summary>Gets the names of deleted secrets.</summary>
    public HashSet<string> Deleted { get; } = [];

    /// <summary>Gets or sets an operation that the identity may not use: get or set.</summary>
    public string? Forbidden { get; set; }

    /// <summary>Gets or sets why the identity gets no token; null if it gets one.</summary>
    public Exception? Refusal
    {
        get => _credential.Refusal;
        set => _credential.Refusal = value;
    }

    public IReadOnlyList<ReceivedRequest> Requests => _server.Requests;

    public FaultScript Faults => _server.Faults;

    /// <summary>Gets the scopes and tenants for which the client wanted a token.</summary>
    public IReadOnlyList<string> TokenRequests => _credential.Requests;

    public void Dispose()
    {
        _http.Dispose();
        _tls.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
        _server.Dispose();
    }

    // The path of a read ends with the version, which is empty for the current one.
    private static string NameIn(ReceivedRequest request) => request.Path.Split('/')[2];

    private static VendorResponse? Refused(ReceivedRequest request)
        => request.Query("api-version") is null
            ? Error(400, "BadParameter", "api-version must be specified")
            : request.Header("Authorization") == $"Bearer {StubCredential.Token}" ? null
            : Error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.").With(
                "WWW-Authenticate",
                $"Bearer authorization=\"https://login.microsoftonline.com/{Tenant}\", resource=\"https://vault.azure.net\"");

    private VendorResponse Get(string name)
        => Forbidden == "get" ? Denied("get")
            : Deleted.Contains(name) || !Versions.TryGetValue(name, out var versions)
            ? Error(404, "SecretNotFound", $"A secret with (name/id) {name} was not found in this key vault.")
            : VendorResponse.Json(200, versions[^1].ToJsonString());

    private VendorResponse Put(string name, JsonObject body)
    {
        if (Forbidden == "set")
            return Denied("set");
        if (Deleted.Contains(name))
            return Error(409, "Conflict", $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be " +
                "reused; in this state, the secret can only be recovered or purged.", "ObjectIsDeletedButRecoverable");
        if (!Versions.TryGetValue(name, out var versions))
            Versions.Add(name, versions = []);
        var bundle = new JsonObject
        {
            ["value"] = body["value"]!.DeepClone(),
            ["contentType"] = body["contentType"]?.DeepClone(),
            ["id"] = $"https://{_host}/secrets/{name}/{Guid.NewGuid():N}",
            ["attributes"] = new JsonObject
            {
                ["enabled"] = true, ["created"] = 1764500000, ["updated"] = 1764500000, ["recoveryLevel"] = "Recoverable+Purgeable",
                ["recoverableDays"] = 90,
            },
            ["tags"] = body["tags"]?.DeepClone(),
        };
        versions.Add(bundle);
        return VendorResponse.Json(200, bundle.ToJsonString());
    }

    private static VendorResponse Denied(string operation)
        => Error(403, "Forbidden", $"The user, group or application 'appid=;oid=;iss=https://sts.windows.net/{Tenant}/' does not have " +
            $"secrets {operation} permission on key vault 'tokens;location=uksouth'. For help resolving this issue, please see " +
            "https://go.microsoft.com/fwlink/?linkid=2125287", "AccessDenied");

    private static VendorResponse Error(int status, string code, string message, string? inner = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        if (inner is not null)
            error["innererror"] = new JsonObject { ["code"] = inner };
        return VendorResponse.Json(status, new JsonObject { ["error"] = error }.ToJsonString());
    }

    private sealed class StubCredential : TokenCredential
    {
        public const string Token = "token-of-the-stub";

        public List<string> Requests { get; } = [];

        public Exception? Refusal { get; set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Requests.Add($"{requestContext.TenantId} {string.Join(' ', requestContext.Scopes)}");
            return Refusal is null ? new(Token, DateTimeOffset.MaxValue) : throw Refusal;
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
            => new(GetToken(requestContext, cancellationToken));
    }
}
