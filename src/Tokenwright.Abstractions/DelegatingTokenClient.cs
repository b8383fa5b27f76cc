namespace Tokenwright;

/// <summary>
/// Base of decorators: passes every call on to an inner client. Override what the decorator changes.
/// </summary>
public class DelegatingTokenClient : ITokenClient
{
    /// <summary>Wraps a client.</summary>
    /// <param name="innerClient">The client that calls are passed to. It is disposed together with this one.</param>
    protected DelegatingTokenClient(ITokenClient innerClient)
    {
        ArgumentNullException.ThrowIfNull(innerClient);
        InnerClient = innerClient;
    }

    /// <summary>The client that calls are passed to.</summary>
    protected ITokenClient InnerClient { get; }

    /// <inheritdoc />
    public virtual TokenClientMetadata Metadata => InnerClient.Metadata;

    /// <inheritdoc />
    public virtual IAsyncEnumerable<ApiToken> ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
        => InnerClient.ListAsync(query, cancellationToken);

    /// <inheritdoc />
    public virtual Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => InnerClient.GetAsync(reference, cancellationToken);

    /// <inheritdoc />
    public virtual Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default)
        => InnerClient.CreateAsync(request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<ApiToken> UpdateAsync(
        TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken = default)
        => InnerClient.UpdateAsync(reference, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => InnerClient.RegenerateAsync(reference, cancellationToken);

    /// <inheritdoc />
    public virtual Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => InnerClient.ValidateAsync(reference, cancellationToken);

    /// <inheritdoc />
    public virtual Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => InnerClient.RevokeAsync(reference, cancellationToken);

    /// <inheritdoc />
    public virtual object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : InnerClient.GetService(serviceType, serviceKey);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes the inner client.</summary>
    /// <param name="disposing">Always true; the class has no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            InnerClient.Dispose();
    }
}
