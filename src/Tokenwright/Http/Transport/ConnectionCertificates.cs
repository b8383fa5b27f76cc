using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tokenwright.Http;

/// <summary>Represents the certificates of a connection, as they were read from its files.</summary>
internal sealed class ConnectionCertificates
{
    private const string PemBegin = "-----BEGIN ";
    private const string EncryptedKey = "ENCRYPTED PRIVATE KEY";

    // The largest collections of public authorities have about a quarter of a megabyte.
    private const int LongestFile = 4 * 1024 * 1024;

    // The framework's code for a wrong password, on all platforms.
    private const int InvalidPassword = unchecked((int)0x80070056);

    private static readonly string[] KeyLabels = ["PRIVATE KEY", EncryptedKey, "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    private readonly List<string> _problems = [];

    private ConnectionCertificates(object key) => Key = key;

    /// <summary>Gets the options that the certificates were read for (<see cref="ConnectionOptions.TransportKey"/>).</summary>
    public object Key { get; }

    /// <summary>Gets the problems of the files: sentences that begin with the option's name.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Gets the authorities that are trusted; null for those of the machine.</summary>
    public X509Certificate2Collection? Authorities { get; private set; }

    /// <summary>Gets the client certificate with its key and its intermediate authorities; null for none.</summary>
    public SslStreamCertificateContext? Client { get; private set; }

    /// <summary>Reads the files that the options name.</summary>
    /// <param name="options">The options.</param>
    public static ConnectionCertificates Read(ConnectionOptions options)
    {
        var read = new ConnectionCertificates(options.TransportKey);
        if (options.CertificateAuthorityFile is { } authorities)
            read.ReadAuthorities(new(nameof(ConnectionOptions.CertificateAuthorityFile), authorities));

        // A source with a problem of its own is reported by the validation of the secrets.
        if (options.ClientCertificateFile is { } client && options.ClientCertificatePassword?.Problem(string.Empty) is null)
            read.ReadClient(options, new(nameof(ConnectionOptions.ClientCertificateFile), client));
        return read;
    }

    private void ReadAuthorities(Source file)
    {
        if (ReadFile(file) is not { } bytes || ReadPem(file, Encoding.UTF8.GetString(bytes)) is not { } certificates)
            return;

        // The framework ends a chain only at a certificate that signs itself.
        if (certificates.Any(certificate => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)))
            Authorities = certificates;
        else
            _problems.Add($"{file} has no root certificate, which is one that an authority issued for itself; add the root of " +
                $"{certificates[0].Issuer}.");
    }

    private void ReadClient(ConnectionOptions options, Source file)
    {
        if (ReadFile(file) is not { } bytes || !TryReadPassword(options, out var password))
            return;
        var text = Encoding.UTF8.GetString(bytes);
        if (!text.Contains(PemBegin, StringComparison.Ordinal))
            ReadPkcs12(options, file, bytes, password);
        else if (options.ClientCertificateKeyFile is not { } keyFile)
            ReadPemPair(file, text, file, text, password);
        else if (new Source(nameof(ConnectionOptions.ClientCertificateKeyFile), keyFile) is var key && ReadFile(key) is { } keyBytes)
            ReadPemPair(file, text, key, Encoding.UTF8.GetString(keyBytes), password);
    }

    private void ReadPemPair(Source file, string text, Source keyFile, string keyText, string? password)
    {
        if (ReadPem(file, text) is not { } certificates || FindKey(file, keyFile, keyText, password) is not { } key)
            return;
        var certificate = certificates[0].ExportCertificatePem();
        try
        {
            Use(ForTls(key.IsEncrypted ? X509Certificate2.CreateFromEncryptedPem(certificate, key.Pem, password)
                : X509Certificate2.CreateFromPem(certificate, key.Pem)), certificates);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            var isReadable = IsReadable(key.Pem, key.IsEncrypted ? password : null);
            _problems.Add(
                isReadable ? $"{keyFile} has a private key that doesn't fit the first certificate of '{file.Path}', which is " +
                    $"{certificates[0].Subject}."
                : key.IsEncrypted ? $"{nameof(ConnectionOptions.ClientCertificatePassword)} doesn't open the private key in " +
                    $"'{keyFile.Path}': the password is wrong, or the file is damaged."
                : $"{keyFile} has a private key that can't be read: the file is damaged, or the key is neither RSA nor ECDSA.");
        }
    }

    private (string Pem, bool IsEncrypted)? FindKey(Source file, Source keyFile, string keyText, string? password)
    {
        for (var rest = keyText.AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            var label = rest[found.Label].ToString();
            if (!KeyLabels.Contains(label))
                continue;
            if (label != EncryptedKey || password is not null)
                return (rest[found.Location].ToString(), label == EncryptedKey);
            _problems.Add($"{nameof(ConnectionOptions.ClientCertificatePassword)} is missing: the private key in '{keyFile.Path}' is " +
                "encrypted.");
            return null;
        }

        _problems.Add(
            keyText.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) ? $"{keyFile} has a private key in an old encrypted " +
                "form, which can't be read; convert it with 'openssl pkcs8 -topk8'."
            : keyFile != file ? $"{keyFile} has no private key in PEM form (-----BEGIN PRIVATE KEY-----)."
            : $"{file} has no private key; add it to the file, or set {nameof(ConnectionOptions.ClientCertificateKeyFile)}.");
        return null;
    }

    private void ReadPkcs12(ConnectionOptions options, Source file, byte[] bytes, string? password)
    {
        try
        {
#if NET9_0_OR_GREATER
            var certificates = X509CertificateLoader.LoadPkcs12Collection(bytes, password);
#else
            var certificates = new X509Certificate2Collection();
            certificates.Import(bytes, password);
#endif
            if (options.ClientCertificateKeyFile is not null)
                _problems.Add($"{nameof(ConnectionOptions.ClientCertificateKeyFile)} is set, and '{file.Path}' is a PKCS#12 file, which " +
                    "has its own key; remove the one or the other.");
            else if (certificates.FirstOrDefault(certificate => certificate.HasPrivateKey) is { } certificate)
                Use(certificate, certificates);
            else
                _problems.Add($"{file} has no private key; export the certificate with its key.");
        }
        catch (CryptographicException exception)
        {
            _problems.Add(
                exception.HResult != InvalidPassword ? $"{file} is neither PEM nor PKCS#12 (.pfx, .p12), or it is damaged."
                : password is null ? $"{nameof(ConnectionOptions.ClientCertificatePassword)} is missing: '{file.Path}' has a password."
                : $"{nameof(ConnectionOptions.ClientCertificatePassword)} doesn't open '{file.Path}': the password is wrong.");
        }
    }

    private void Use(X509Certificate2 certificate, X509Certificate2Collection all)
        => Client = SslStreamCertificateContext.Create(certificate, all, offline: true);

    // Windows can't use a key for TLS that is only in memory, as one from a PEM file is.
    private static X509Certificate2 ForTls(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
#if NET9_0_OR_GREATER
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
#else
            return new X509Certificate2(certificate.Export(X509ContentType.Pkcs12));
#endif
    }

    private X509Certificate2Collection? ReadPem(Source file, string text)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
            if (certificates.Count > 0)
                return certificates;
            _problems.Add(
                $"{file} has no certificate in PEM form (-----BEGIN CERTIFICATE-----); convert another form with 'openssl x509'.");
        }
        catch (CryptographicException)
        {
            _problems.Add($"{file} has a certificate that can't be read; the file is damaged.");
        }

        return null;
    }

    private byte[]? ReadFile(Source file)
    {
        try
        {
            using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = stream.Read(buffer)) > 0 && content.Length <= LongestFile;)
                content.Write(buffer, 0, read);
            if (content.Length is > 0 and <= LongestFile)
                return content.ToArray();
            _problems.Add($"{file} {(content.Length == 0 ? "is empty" : $"has more than {LongestFile} bytes; is it the right file?")}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _problems.Add(exception is FileNotFoundException or DirectoryNotFoundException
                ? $"{file} doesn't exist." : $"{file} can't be read: {exception.Message.TrimEnd('.')}.");
        }

        return null;
    }

    // Options are validated, and connections opened, in methods that can't be asynchronous.
    private bool TryReadPassword(ConnectionOptions options, out string? password)
    {
        password = null;
        if (options.ClientCertificatePassword is not { } source)
            return true;

        // The time can be invalid too, which is reported by its own validation.
        using var patience = new CancellationTokenSource(
            TimeSpan.FromTicks(Math.Clamp(options.AttemptTimeout.Ticks, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerDay)));
        try
        {
            password = Task.Run(() => source.ReadAsync(patience.Token).AsTask()).GetAwaiter().GetResult().Reveal();
            return true;
        }
        catch (Exception exception) when (exception is SecretSourceException or OperationCanceledException)
        {
            _problems.Add($"{nameof(ConnectionOptions.ClientCertificatePassword)} is not known. " +
                (exception is SecretSourceException ? exception.Message : $"Reading it took longer than {options.AttemptTimeout}."));
            return false;
        }
    }

    private static bool IsReadable(string pem, string? password)
    {
        foreach (var create in new Func<AsymmetricAlgorithm>[] { RSA.Create, ECDsa.Create })
        {
            using var key = create();
            try
            {
                if (password is null)
                    key.ImportFromPem(pem);
                else
                    key.ImportFromEncryptedPem(pem, password);
                return true;
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                // It is a key of the other kind, or can't be read.
            }
        }

        return false;
    }

    private sealed record Source(string Option, string Path)
    {
        public override string ToString() => $"{Option} '{Path}'";
    }
}
