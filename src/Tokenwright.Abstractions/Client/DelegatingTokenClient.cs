using System.Runtime.InteropServices;

namespace Tokenwright;

/// <summary>
/// Provides a base class for decorators, which passes every call to an inner client. Override the members that the decorator changes.
/// </summary>
/// <remarks>
/// A decorator has exactly the optional interfaces of its inner client (<see cref="ITokenSuspension"/>, <see cref="ITokenBulkUpdate"/> and
/// <see cref="ITokenCreationRecovery"/>). A cast such as <c>decorator is ITokenSuspension</c> and <see cref="GetService"/> give the same
/// result. To change what the interfaces do, override <see cref="SuspendAsync"/>, <see cref="ResumeAsync"/>,
/// <see cref="BulkUpdateAsync"/> and <see cref="RecoverCreateAsync"/>. Don't implement the interfaces.
/// </remarks>
public class DelegatingTokenClient : ITokenClient, IDynamicInterfaceCastable
{
    private static readonly Type[] OptionalInterfaces =
        [typeof(ITokenSuspension), typeof(ITokenBulkUpdate), typeof(ITokenCreationRecovery)];

    /// <summary>Initializes a new instance of the <see cref="DelegatingTokenClient"/> class.</summary>
    /// <param name="innerClient">The client that receives the calls. It is disposed together with this one.</param>
    /// <exception cref="ArgumentException">The decorator's class implements an optional interface that the inner client lacks.</exception>
    protected DelegatingTokenClient(ITokenClient innerClient)
    {
        ArgumentNullException.ThrowIfNull(innerClient);
        foreach (var type in OptionalInterfaces)
        {
            if (type.IsAssignableFrom(GetType()) && innerClient.GetService(type) is null)
                throw new ArgumentException(
                    $"{GetType().Name} implements {type.Name}, which the inner client lacks. Override the methods of " +
                    $"{nameof(DelegatingTokenClient)} in place of implementing the interface.", nameof(innerClient));
        }

        InnerClient = innerClient;
    }

    /// <summary>Gets the client that receives the calls.</summary>
    protected ITokenClient InnerClient { get; }

    /// <inheritdoc />
    public virtual TokenClientMetadata Metadata => InnerClient.Metadata;

    /// <inheritdoc />
    public virtual AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
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
        if (serviceKey is null && OptionalInterfaces.Contains(serviceType))
            return InnerClient.GetService(serviceType) is null ? null : this;
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : InnerClient.GetService(serviceType, serviceKey);
    }

    // The runtime calls this for every cast to an interface that the class doesn't implement.
    bool IDynamicInterfaceCastable.IsInterfaceImplemented(RuntimeTypeHandle interfaceType, bool throwIfNotImplemented)
        => Type.GetTypeFromHandle(interfaceType) is { } type && OptionalInterfaces.Contains(type) && GetService(type) is not null;

    RuntimeTypeHandle IDynamicInterfaceCastable.GetInterfaceImplementation(RuntimeTypeHandle interfaceType)
        => typeof(IOptionalCalls).TypeHandle;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Suspends tokens. It is called only if the inner client has <see cref="ITokenSuspension"/>.</summary>
    /// <inheritdoc cref="ITokenSuspension.SuspendAsync" />
    protected virtual Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
        => InnerClient.GetRequiredService<ITokenSuspension>().SuspendAsync(references, cancellationToken);

    /// <summary>Resumes tokens. It is called only if the inner client has <see cref="ITokenSuspension"/>.</summary>
    /// <inheritdoc cref="ITokenSuspension.ResumeAsync" />
    protected virtual Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
        => InnerClient.GetRequiredService<ITokenSuspension>().ResumeAsync(references, cancellationToken);

    /// <summary>Makes the same change to many tokens. It is called only if the inner client has <see cref="ITokenBulkUpdate"/>.</summary>
    /// <inheritdoc cref="ITokenBulkUpdate.BulkUpdateAsync" />
    protected virtual Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
        IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
        => InnerClient.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync(references, request, cancellationToken);

    /// <summary>
    /// Finds out the outcome of a create. It is called only if the inner client has <see cref="ITokenCreationRecovery"/>.
    /// </summary>
    /// <inheritdoc cref="ITokenCreationRecovery.RecoverCreateAsync(CreateTokenRequest, DateTimeOffset, IReadOnlyCollection{string},
    /// CancellationToken)" />
    protected virtual Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, IReadOnlyCollection<string> knownIds, CancellationToken cancellationToken)
        => InnerClient.GetRequiredService<ITokenCreationRecovery>().RecoverCreateAsync(request, startedAt, knownIds, cancellationToken);

    /// <summary>Disposes the inner client.</summary>
    /// <param name="disposing">Always true; the class has no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            InnerClient.Dispose();
    }

    // The runtime runs these methods for calls of an optional interface. In them, "this" is the decorator.
    [DynamicInterfaceCastableImplementation]
    private interface IOptionalCalls : ITokenSuspension, ITokenBulkUpdate, ITokenCreationRecovery
    {
        Task<IReadOnlyList<TokenSuspensionResult>> ITokenSuspension.SuspendAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
            => ((DelegatingTokenClient)this).SuspendAsync(references, cancellationToken);

        Task<IReadOnlyList<TokenSuspensionResult>> ITokenSuspension.ResumeAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
            => ((DelegatingTokenClient)this).ResumeAsync(references, cancellationToken);

        Task<IReadOnlyList<TokenBulkUpdateResult>> ITokenBulkUpdate.BulkUpdateAsync(
            IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
            => ((DelegatingTokenClient)this).BulkUpdateAsync(references, request, cancellationToken);

        Task<CreationResolution> ITokenCreationRecovery.RecoverCreateAsync(
            CreateTokenRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken)
            => ((DelegatingTokenClient)this).RecoverCreateAsync(request, startedAt, [], cancellationToken);

        Task<CreationResolution> ITokenCreationRecovery.RecoverCreateAsync(
            CreateTokenRequest request, DateTimeOffset startedAt, IReadOnlyCollection<string> knownIds,
            CancellationToken cancellationToken)
            => ((DelegatingTokenClient)this).RecoverCreateAsync(request, startedAt, knownIds, cancellationToken);
    }
}
