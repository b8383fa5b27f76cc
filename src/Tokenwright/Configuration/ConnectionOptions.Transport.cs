using Tokenwright.Http;

namespace Tokenwright;

// The options of the network transport: certificates, proxy, and plain http.
public abstract partial class ConnectionOptions
{
    private const string ProxyOff = "none";
    private const char Colon = ':';
    private static readonly string[] ProxySchemes = ["http", "https", "socks5"];

    // Validation reads the certificates, and the transport that is opened next uses them, so that no file is read twice.
    private ConnectionCertificates? _certificates;

    /// <summary>
    /// Gets or sets the path of a PEM file with the certificates of the authorities that the connection trusts. They replace those that the
    /// machine trusts, as with <c>curl --cacert</c>: to trust these too, add them to the file. Host name and validity are checked as usual.
    /// A server's own certificate, if it is self-signed, can be in the file too. Null, the default, trusts the authorities of the machine.
    /// The file is read once, when the connection is opened.
    /// </summary>
    /// <remarks>It also applies to the certificate of a proxy with an https address.</remarks>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>
    /// Gets or sets the path of a file with the certificate that the connection presents to a server that asks for one, followed by the
    /// intermediate authorities that the server needs. A PEM file also has the private key, or <see cref="ClientCertificateKeyFile"/> has
    /// it. A PKCS#12 file (<c>.pfx</c>, <c>.p12</c>) always has it. Null, the default, for none. The file is read once, when the connection
    /// is opened.
    /// </summary>
    /// <remarks>A proxy with an https address gets the certificate too if it asks for one.</remarks>
    public string? ClientCertificateFile { get; set; }

    /// <summary>
    /// Gets or sets the path of a PEM file with the private key of the certificate in <see cref="ClientCertificateFile"/>. Null, the
    /// default, if the key is in the same file.
    /// </summary>
    public string? ClientCertificateKeyFile { get; set; }

    /// <summary>
    /// Gets or sets the password of the private key or of the PKCS#12 file. It is read once, when the connection is opened, and within
    /// <see cref="AttemptTimeout"/>. Null, the default, if there is no password.
    /// </summary>
    public SecretSource? ClientCertificatePassword { get; set; }

    /// <summary>
    /// Gets or sets the address of the proxy that all requests of the connection go through: <c>http://proxy.acme.example:3128</c>, or with
    /// the scheme https or socks5. <c>none</c> uses no proxy. Null, the default, uses the proxy of the machine, which is
    /// the one in <c>https_proxy</c> and <c>no_proxy</c>, or of the system's settings. Plain http never uses the proxy of the machine.
    /// The option is read once, when the connection is opened.
    /// </summary>
    /// <remarks>
    /// The address contains no user and no password: these are <see cref="ProxyUsername"/> and <see cref="ProxyPassword"/>. A proxy
    /// with an http address gets them unencrypted.
    /// </remarks>
    public string? Proxy { get; set; }

    /// <summary>Gets or sets the user name for <see cref="Proxy"/>. Null, the default, if the proxy requires none.</summary>
    public string? ProxyUsername { get; set; }

    /// <summary>
    /// Gets or sets the password of <see cref="ProxyUsername"/>. Its source is read before every request, so the password can change while
    /// the program runs.
    /// </summary>
    public SecretSource? ProxyPassword { get; set; }

    /// <summary>
    /// Gets or sets whether <see cref="BaseAddress"/> can be a plain http address of another machine. Then the credential and all tokens
    /// are sent unencrypted, and everyone on the network path can read and change them. A log entry warns about it when the program starts,
    /// or when the connection is opened without a container. The default is false.
    /// </summary>
    public bool AllowHttp { get; set; }

    /// <summary>Gets all secrets of the options by property name: the vendor's, and those of the transport.</summary>
    internal IReadOnlyList<KeyValuePair<string, SecretSource?>> AllSecrets =>
    [
        .. Secrets,
        new(nameof(ClientCertificatePassword), ClientCertificatePassword),
        new(nameof(ProxyPassword), ProxyPassword),
    ];

    /// <summary>Gets the values that a transport is created from, to compare them.</summary>
    internal object TransportKey => (
        CertificateAuthorityFile, ClientCertificateFile, ClientCertificateKeyFile, ClientCertificatePassword?.Identity,
        Proxy, ProxyUsername, ProxyPassword?.Identity);

    /// <summary>Gets the names of the options that only a transport of this SDK applies, if they are set.</summary>
    internal IReadOnlyList<string> GivenTransportOptions =>
    [
        .. CertificateAuthorityFile is null ? [] : new[] { nameof(CertificateAuthorityFile) },
        .. ClientCertificateFile is null ? [] : new[] { nameof(ClientCertificateFile) },
        .. Proxy is null ? [] : new[] { nameof(Proxy) },
    ];

    /// <summary>Gets whether requests are sent unencrypted to another machine.</summary>
    internal bool IsUnencrypted => IsHttp(BaseAddress) && !IsLoopback(BaseAddress!);

    /// <summary>Gets whether requests can use the proxy of the machine.</summary>
    internal bool UsesMachineProxy
        => Proxy is null && !(BaseAddress is { IsAbsoluteUri: true } address && (IsHttp(address) || IsLoopback(address)));

    /// <summary>Gets the address of the proxy; null for no proxy, for the machine's proxy, and if the option isn't valid.</summary>
    internal Uri? ProxyAddress => ValidateProxyAddress() is null && Proxy is not null && !IsProxyOff ? new Uri(Proxy) : null;

    private bool IsProxyOff => string.Equals(Proxy, ProxyOff, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sets all secrets from configuration.</summary>
    /// <param name="read">Reads the source of a secret by property name; null if the configuration doesn't have it.</param>
    internal void BindAllSecrets(Func<string, SecretSource?> read)
    {
        BindSecrets(read);
        ClientCertificatePassword = read(nameof(ClientCertificatePassword)) ?? ClientCertificatePassword;
        ProxyPassword = read(nameof(ProxyPassword)) ?? ProxyPassword;
    }

    /// <summary>Gets the certificates that validation has read, or reads them now. The next call reads them again.</summary>
    internal ConnectionCertificates TakeCertificates()
        => Interlocked.Exchange(ref _certificates, null) is { } read && IsPresent(read) ? read : ConnectionCertificates.Read(this);

    private bool IsPresent(ConnectionCertificates read) => read.Key.Equals(TransportKey);

    private static bool IsHttp(Uri? address) => address is { IsAbsoluteUri: true } && address.Scheme == Uri.UriSchemeHttp;

    /// <summary>Finds the problems of the transport's options. The certificates are read if the options have no other problem.</summary>
    internal IReadOnlyList<string> FindTransportProblems()
    {
        var problems = new List<string>();
        ValidateProxy(problems);
        ValidateCertificateOptions(problems);
        if (problems.Count > 0 || (CertificateAuthorityFile ?? ClientCertificateFile) is null
            || (_certificates is { } known && IsPresent(known)))
            return problems;
        var certificates = ConnectionCertificates.Read(this);
        if (certificates.Problems.Count == 0)
            _certificates = certificates;
        return certificates.Problems;
    }

    private void ValidateProxy(List<string> problems)
    {
        if (ValidateProxyAddress() is { } problem)
            problems.Add(problem);
        else if (Proxy is not null && !IsProxyOff && IsHttp(BaseAddress) && !AllowHttp)
            problems.Add($"{nameof(Proxy)} would carry the plain http of {nameof(BaseAddress)} to another machine, with the credential; " +
                $"remove it, or set {nameof(AllowHttp)} to true.");
        if ((ProxyUsername is not null || ProxyPassword is not null) && (Proxy is null || IsProxyOff))
            problems.Add($"{(ProxyUsername is null ? nameof(ProxyPassword) : nameof(ProxyUsername))} is set, and {nameof(Proxy)} has no " +
                "address; set the address of the proxy that requires it.");
        else if (string.IsNullOrWhiteSpace(ProxyUsername) && ProxyPassword is not null)
            problems.Add($"{nameof(ProxyUsername)} is missing: the user whose {nameof(ProxyPassword)} is set.");
        else if (ProxyUsername is not null && ProxyPassword is null)
            problems.Add($"{nameof(ProxyPassword)} is missing: the password of the user in {nameof(ProxyUsername)}.");
        else if (ProxyUsername?.Contains(Colon, StringComparison.Ordinal) == true)
            problems.Add($"{nameof(ProxyUsername)} has a colon, which a proxy would take for the end of the name.");
    }

    // The value isn't repeated, because it can contain a password.
    private string? ValidateProxyAddress()
    {
        if (Proxy is null || IsProxyOff)
            return null;
        if (string.IsNullOrWhiteSpace(Proxy))
            return $"{nameof(Proxy)} is empty; for no proxy, set it to {ProxyOff}.";
        if (!Uri.TryCreate(Proxy, UriKind.Absolute, out var address) || address.Host.Length == 0 || !ProxySchemes.Contains(address.Scheme))
            return $"{nameof(Proxy)} must be an address with its scheme ({string.Join(", ", ProxySchemes)}), for example " +
                $"http://proxy.acme.example:3128, or {ProxyOff}.";
        if (address.UserInfo.Length > 0)
            return $"{nameof(Proxy)} must contain no user and no password; set {nameof(ProxyUsername)} and {nameof(ProxyPassword)}.";
        return address.PathAndQuery is "/" or "" && address.Fragment.Length == 0
            ? null : $"{nameof(Proxy)} must be only a scheme, a host and a port.";
    }

    private void ValidateCertificateOptions(List<string> problems)
    {
        RequirePath(nameof(CertificateAuthorityFile), CertificateAuthorityFile);
        RequirePath(nameof(ClientCertificateFile), ClientCertificateFile);
        RequirePath(nameof(ClientCertificateKeyFile), ClientCertificateKeyFile);
        if (ClientCertificateFile is null && (ClientCertificateKeyFile is not null || ClientCertificatePassword is not null))
            problems.Add($"{nameof(ClientCertificateFile)} is missing: the certificate to which " +
                $"{(ClientCertificateKeyFile is null ? nameof(ClientCertificatePassword) : nameof(ClientCertificateKeyFile))} belongs.");

        void RequirePath(string name, string? path)
        {
            if (path is not null && string.IsNullOrWhiteSpace(path))
                problems.Add($"{name} is empty; set the path of a file, or remove it.");
        }
    }
}
