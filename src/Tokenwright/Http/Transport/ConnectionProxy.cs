using System.Net;

namespace Tokenwright.Http;

/// <summary>Represents the proxy in the options of a connection. The framework asks it for the current user and password.</summary>
/// <param name="address">The address of the proxy.</param>
/// <param name="username">The user name; null if the proxy requires none.</param>
/// <param name="password">The source of the password; null if the proxy requires none.</param>
internal sealed class ConnectionProxy(Uri address, string? username, SecretSource? password) : IWebProxy, ICredentials
{
    private volatile NetworkCredential? _credential;

    /// <summary>Gets whether the proxy requires a user and a password.</summary>
    public bool IsAuthenticated => password is not null;

    public ICredentials? Credentials
    {
        get => IsAuthenticated ? this : null;
        set => throw new NotSupportedException("The credentials come from the options of the connection.");
    }

    public Uri GetProxy(Uri destination) => address;

    public bool IsBypassed(Uri host) => false;

    public NetworkCredential? GetCredential(Uri uri, string authType) => _credential;

    /// <summary>Reads the password, which the framework can't wait for when it needs it.</summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="SecretSourceException">The password can't be read.</exception>
    public async ValueTask ReadPasswordAsync(CancellationToken cancellationToken)
    {
        if (password is null)
            return;
        try
        {
            var current = (await password.ReadAsync(cancellationToken).ConfigureAwait(false)).Reveal();
            if (_credential?.Password != current)
                _credential = new NetworkCredential(username, current);
        }
        catch (SecretSourceException exception)
        {
            throw new SecretSourceException($"{nameof(ConnectionOptions.ProxyPassword)}: {exception.Message}", exception);
        }
    }
}
