using System.Runtime.InteropServices;
using Tokenwright.Adapters;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <content>Updates many tokens, which only the per-service form of the API supports.</content>
public sealed partial class SailPointTokenClient : IDynamicInterfaceCastable
{
    // The client is an ITokenBulkUpdate only if its capabilities include it, which depends on the options.
    bool IDynamicInterfaceCastable.IsInterfaceImplemented(RuntimeTypeHandle interfaceType, bool throwIfNotImplemented)
        => interfaceType.Equals(typeof(ITokenBulkUpdate).TypeHandle)
            && Metadata.Capabilities[TokenOperation.BulkUpdate].Support != OperationSupport.Unsupported;

    RuntimeTypeHandle IDynamicInterfaceCastable.GetInterfaceImplementation(RuntimeTypeHandle interfaceType)
        => typeof(IBulkUpdateCalls).TypeHandle;

    private Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
        IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Require(TokenOperation.BulkUpdate, (TokenReference?)null);
        var options = _options();
        var check = new RequestCheck();
        var operations = SailPointRequests.ToBulkUpdate(request, options, Connection.TimeProvider.GetUtcNow(), check);
        Require(TokenOperation.BulkUpdate, check);
        return BulkUpdateAsync(
            references, reference => reference.Id ?? OwnId(options), SailPointCapabilities.BulkUpdateSize, SendAsync, cancellationToken);

        async Task<IReadOnlyList<ApiToken>> SendAsync(IReadOnlyList<string> ids, OperationContext context)
        {
            var body = new BulkUpdatePersonalAccessTokensRequest { Ids = [.. ids], Patch = [.. operations] };
            var models = await _api.UpdateBulkPersonalAccessTokensV1Async(
                body, SailPointRequests.AreRepeatable(operations) ? context : context.WithoutRetry()).ConfigureAwait(false);

            // A record without an id can't be assigned to a token.
            return [.. models.Where(model => model is not null).Select(
                model => SailPointMapping.ToApiToken(model, Connection, missingExpiryMeansNever: true, includeRaw: true))];
        }
    }

    [DynamicInterfaceCastableImplementation]
    private interface IBulkUpdateCalls : ITokenBulkUpdate
    {
        Task<IReadOnlyList<TokenBulkUpdateResult>> ITokenBulkUpdate.BulkUpdateAsync(
            IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
            => ((SailPointTokenClient)(object)this).BulkUpdateAsync(references, request, cancellationToken);
    }
}
