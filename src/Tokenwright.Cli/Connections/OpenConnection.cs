using Tokenwright.Http;

namespace Tokenwright.Cli.Connections;

/// <summary>Represents a connection that is ready to be used.</summary>
internal sealed class OpenConnection(ConnectionDefinition definition, ConnectionOptions options, ITokenClient client,
    HttpMessageHandler transport, Traffic traffic) : IDisposable
{
    public ConnectionDefinition Definition { get; } = definition;

    // What leads the requests to the vendor, besides the address. None of it is a secret.
    private static readonly string[] NetworkSettings =
    [
        nameof(ConnectionOptions.Proxy), nameof(ConnectionOptions.ProxyUsername), nameof(ConnectionOptions.CertificateAuthorityFile),
        nameof(ConnectionOptions.ClientCertificateFile), nameof(ConnectionOptions.ClientCertificateKeyFile),
        nameof(ConnectionOptions.AllowHttp),
    ];

    public string Name => Definition.Name;

    public string Vendor => Definition.Vendor.Name;

    public ITokenClient Client { get; } = client;

    public TokenCapabilities Capabilities => Client.Metadata.Capabilities;

    public Traffic Traffic { get; } = traffic;

    /// <summary>Gets how many calls are left in the vendor's current window; null if that isn't known.</summary>
    public int? RemainingCalls => Traffic.Remaining;

    public bool Can(TokenOperation operation) => Capabilities[operation].Support != OperationSupport.Unsupported;

    /// <summary>Gets the settings for proxy, certificates and plain http, with their values.</summary>
    public IReadOnlyList<string> Network =>
    [
        .. NetworkSettings.Where(Definition.Settings.ContainsKey).Select(name => $"{name}: {Definition.Settings[name].Value.Text}"),
    ];

    /// <summary>Gets whether credentials and tokens are sent unencrypted to another machine.</summary>
    public bool IsUnencrypted => options.IsUnencrypted;

    /// <summary>Gets the secrets that were read last, and those of the connection's proxies.</summary>
    public IEnumerable<TokenSecret> SeenSecrets
        => options.AllSecrets.SelectMany(secret => secret.Value?.Seen ?? [])
            .Concat(ProxySecrets.Of(transport, Client.Metadata.BaseAddress));

    /// <summary>Gets the connection's current secrets, to redact them in the output.</summary>
    public async Task<IReadOnlyList<TokenSecret>> ReadSecretsAsync(CancellationToken cancellationToken)
    {
        var secrets = new List<TokenSecret>();
        foreach (var name in Definition.Vendor.Secrets)
        {
            if (Definition.Vendor.Settings[name].GetValue(options) is SecretSource source)
                secrets.Add(await source.ReadAsync(cancellationToken));
        }

        return secrets;
    }

    public void Dispose()
    {
        Client.Dispose();
        transport.Dispose();
    }
}
