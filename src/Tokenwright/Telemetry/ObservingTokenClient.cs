using System.Runtime.CompilerServices;

namespace Tokenwright;

/// <summary>
/// Provides a base class for decorators that observe every operation without changing it, including those of the optional interfaces. If
/// nothing observes, calls go directly to the inner client.
/// </summary>
internal abstract class ObservingTokenClient(ITokenClient innerClient) : DelegatingTokenClient(innerClient)
{
    private Func<TokenOperation, bool, IOperationObserver>? _begin;

    /// <summary>Determines whether an operation is observed now.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="isOptional">Whether the call belongs to an optional interface, and not to <see cref="ITokenClient"/>.</param>
    protected abstract bool IsOn(TokenOperation operation, bool isOptional);

    /// <summary>Starts to observe an operation.</summary>
    /// <inheritdoc cref="IsOn"/>
    protected abstract IOperationObserver Begin(TokenOperation operation, bool isOptional);

    public override AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
        => IsOn(TokenOperation.List, isOptional: false) ? new ObservedList(this, InnerClient.ListAsync(query, cancellationToken))
            : InnerClient.ListAsync(query, cancellationToken);

    public override Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Get, InnerClient, reference, static (client, reference, token) => client.GetAsync(reference, token),
            static token => token, cancellationToken);

    public override Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Create, InnerClient, request, static (client, request, token) => client.CreateAsync(request, token),
            static issued => issued.Token, cancellationToken);

    public override Task<ApiToken> UpdateAsync(
        TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Update, InnerClient, (reference, request),
            static (client, of, token) => client.UpdateAsync(of.reference, of.request, token), static token => token, cancellationToken);

    public override Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Regenerate, InnerClient, reference, static (
            client, reference, token) => client.RegenerateAsync(reference, token), static issued => issued.Token, cancellationToken);

    public override Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Validate, InnerClient, reference, static (client, reference, token) => client.ValidateAsync(
            reference, token), static validation => validation.Token, cancellationToken);

    public override Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => ObserveAsync(TokenOperation.Revoke, InnerClient, reference,
            static (client, reference, token) => client.RevokeAsync(reference, token), null, cancellationToken);

    protected override Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
        => ObserveAsync(TokenOperation.Suspend, InnerClient.GetRequiredService<ITokenSuspension>(), references,
            static (suspension, references, token) => suspension.SuspendAsync(references, token), null, cancellationToken,
            isOptional: true);

    protected override Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
        => ObserveAsync(TokenOperation.Resume, InnerClient.GetRequiredService<ITokenSuspension>(), references,
            static (suspension, references, token) => suspension.ResumeAsync(references, token), null, cancellationToken,
            isOptional: true);

    protected override Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
        IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
        => ObserveAsync(TokenOperation.BulkUpdate, InnerClient.GetRequiredService<ITokenBulkUpdate>(), (references, request),
            static (bulk, of, token) => bulk.BulkUpdateAsync(of.references, of.request, token), null, cancellationToken,
            isOptional: true);

    protected override Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, IReadOnlyCollection<string> knownIds, CancellationToken cancellationToken)
        => ObserveAsync(
            TokenOperation.Create,
            InnerClient.GetRequiredService<ITokenCreationRecovery>(),
            (request, startedAt, knownIds),
            static (recovery, of, token) => recovery.RecoverCreateAsync(of.request, of.startedAt, of.knownIds, token),
            static resolution => resolution.Issued?.Token,
            cancellationToken,
            isOptional: true);

    // The arguments are passed through, so that no closure is allocated while nothing observes.
    private Task<TResult> ObserveAsync<TClient, TArguments, TResult>(
        TokenOperation operation, TClient client, TArguments arguments,
        Func<TClient, TArguments, CancellationToken, Task<TResult>> call, Func<TResult, ApiToken?>? tokenOf,
        CancellationToken cancellationToken, bool isOptional = false)
        => IsOn(operation, isOptional)
            ? ObserveOnAsync(operation, isOptional, client, arguments, call, tokenOf, cancellationToken)
            : call(client, arguments, cancellationToken);

    private async Task<TResult> ObserveOnAsync<TClient, TArguments, TResult>(
        TokenOperation operation, bool isOptional, TClient client, TArguments arguments,
        Func<TClient, TArguments, CancellationToken, Task<TResult>> call, Func<TResult, ApiToken?>? tokenOf,
        CancellationToken cancellationToken)
    {
        var observer = new SafeObserver(_begin ??= Begin, operation, isOptional);
        try
        {
            var result = await call(client, arguments, cancellationToken).ConfigureAwait(false);
            if (result is IReadOnlyList<ApiToken> list)
                observer.Listed(list.Count);
            else if ((result as IReadOnlyList<TokenBulkUpdateResult>)?.FirstOrDefault(one => one.Failure is not null) is { } failed)
                observer.Failed(failed.Failure!);
            else
                observer.Succeeded(tokenOf?.Invoke(result));
            return result;
        }
        catch (Exception failure)
        {
            observer.Failed(failure);
            throw;
        }
        finally
        {
            observer.Dispose();
        }
    }

    private async IAsyncEnumerable<T> ObserveListAsync<T>(
        IAsyncEnumerable<T> parts, Func<T, int> countOf, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var observer = new SafeObserver(_begin ??= Begin, TokenOperation.List, isOptional: false);
        try
        {
            var enumerator = parts.GetAsyncEnumerator(cancellationToken);
            await using (enumerator.ConfigureAwait(false))
            {
                var count = 0;
                while (true)
                {
                    var wait = observer.BeginWait();
                    try
                    {
                        if (!await enumerator.MoveNextAsync().ConfigureAwait(false))
                            break;
                    }
                    catch (Exception failure)
                    {
                        observer.Failed(failure);
                        throw;
                    }
                    finally
                    {
                        observer.EndWait(wait);
                    }

                    count += countOf(enumerator.Current);
                    yield return enumerator.Current;
                }

                observer.Listed(count);
            }
        }
        finally
        {
            observer.Dispose();
        }
    }

    private sealed class ObservedList(ObservingTokenClient client, AsyncTokenList inner) : AsyncTokenList
    {
        public override IAsyncEnumerable<TokenPage> AsPages(string? continuation = null)
            => client.ObserveListAsync(inner.AsPages(continuation), static page => page.Tokens.Count);

        public override IAsyncEnumerator<ApiToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
            => client.ObserveListAsync(inner, static _ => 1, cancellationToken).GetAsyncEnumerator(CancellationToken.None);

        public override Task<IReadOnlyList<ApiToken>> ToListAsync(CancellationToken cancellationToken = default)
            => client.ObserveOnAsync<AsyncTokenList, object?, IReadOnlyList<ApiToken>>(
                TokenOperation.List, isOptional: false, inner, null, static (list, _, token) => list.ToListAsync(token), null,
                cancellationToken);
    }
}
