using System.Runtime.CompilerServices;

namespace Tokenwright;

/// <summary>
/// Base of decorators that watch every operation without changing it, those of the optional interfaces included. While nobody watches, calls go straight to the inner client.
/// </summary>
internal abstract class ObservingTokenClient(ITokenClient innerClient) : DelegatingTokenClient(innerClient), ITokenPaging, ITokenSuspension, ITokenCreationRecovery
{
    /// <summary>Whether anybody watches now.</summary>
    protected abstract bool IsOn(TokenOperation operation);

    /// <summary>An operation begins.</summary>
    protected abstract IOperationObserver Begin(TokenOperation operation);

    public override IAsyncEnumerable<ApiToken> ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
        => IsOn(TokenOperation.List) ? ObserveListAsync(InnerClient.ListAsync(query, cancellationToken), cancellationToken) : InnerClient.ListAsync(query, cancellationToken);

    public override Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Get, () => InnerClient.GetAsync(reference, cancellationToken), token => token);

    public override Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Create, () => InnerClient.CreateAsync(request, cancellationToken), issued => issued.Token);

    public override Task<ApiToken> UpdateAsync(TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Update, () => InnerClient.UpdateAsync(reference, request, cancellationToken), token => token);

    public override Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Regenerate, () => InnerClient.RegenerateAsync(reference, cancellationToken), issued => issued.Token);

    public override Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Validate, () => InnerClient.ValidateAsync(reference, cancellationToken), validation => validation.Token);

    public override Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Revoke, () => InnerClient.RevokeAsync(reference, cancellationToken));

    public Task<TokenPage> ReadPageAsync(TokenQuery? query = null, string? continuation = null, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.List, () => Inner<ITokenPaging>().ReadPageAsync(query, continuation, cancellationToken));

    public Task<IReadOnlyList<ApiToken>> ListAllAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.List, () => Inner<ITokenPaging>().ListAllAsync(query, cancellationToken));

    public Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Suspend, () => Inner<ITokenSuspension>().SuspendAsync(references, cancellationToken));

    public Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Resume, () => Inner<ITokenSuspension>().ResumeAsync(references, cancellationToken));

    public Task<CreationResolution> RecoverCreateAsync(CreateTokenRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Create, () => Inner<ITokenCreationRecovery>().RecoverCreateAsync(request, startedAt, cancellationToken), resolution => resolution.Issued?.Token);

    // What this class has for all clients is there only if the inner client has it.
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        var inner = InnerClient.GetService(serviceType, serviceKey);
        return serviceKey is null && (serviceType == typeof(ITokenClient) || (inner is not null && serviceType.IsInterface)) && serviceType.IsInstanceOfType(this) ? this : inner;
    }

    private T Inner<T>()
        where T : class
        => (T)InnerClient.GetService(typeof(T))!;

    private Task<T> ObserveAsync<T>(TokenOperation operation, Func<Task<T>> call, Func<T, ApiToken?>? tokenOf = null)
        => IsOn(operation) ? ObserveOnAsync(operation, call, tokenOf) : call();

    private async Task<T> ObserveOnAsync<T>(TokenOperation operation, Func<Task<T>> call, Func<T, ApiToken?>? tokenOf)
    {
        using var observer = Begin(operation);
        try
        {
            var result = await call().ConfigureAwait(false);
            observer.Succeeded(tokenOf?.Invoke(result));
            return result;
        }
        catch (Exception failure)
        {
            observer.Failed(failure);
            throw;
        }
    }

    private async IAsyncEnumerable<ApiToken> ObserveListAsync(IAsyncEnumerable<ApiToken> tokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var observer = Begin(TokenOperation.List);
        var enumerator = tokens.GetAsyncEnumerator(cancellationToken);
        await using (enumerator.ConfigureAwait(false))
        {
            var count = 0;
            while (true)
            {
                try
                {
                    using (observer.Wait())
                    {
                        if (!await enumerator.MoveNextAsync().ConfigureAwait(false))
                            break;
                    }
                }
                catch (Exception failure)
                {
                    observer.Failed(failure);
                    throw;
                }

                count++;
                yield return enumerator.Current;
            }

            observer.Listed(count);
        }
    }
}
