using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Tokenwright;

/// <summary>Provides queries that work with any <see cref="ITokenClient"/>.</summary>
public static class TokenClientExtensions
{
    /// <summary>Gets an optional interface, the typed client or an inner client.</summary>
    /// <typeparam name="TService">The type of the object.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="serviceKey">A key that selects one of several objects of the type; null in all other cases.</param>
    /// <returns>The object, or null if there is none.</returns>
    public static TService? GetService<TService>(this ITokenClient client, object? serviceKey = null)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(client);
        return (TService?)client.GetService(typeof(TService), serviceKey);
    }

    /// <summary>Gets an optional interface, the typed client or an inner client, and throws if there is none.</summary>
    /// <inheritdoc cref="GetService{TService}" />
    /// <returns>The object.</returns>
    /// <exception cref="TokenOperationNotSupportedException">The client lacks the optional interface.</exception>
    /// <exception cref="InvalidOperationException">The type isn't an optional interface, and the client has no object of it.</exception>
    public static TService GetRequiredService<TService>(this ITokenClient client, object? serviceKey = null)
        where TService : class
    {
        if (client.GetService<TService>(serviceKey) is { } service)
            return service;
        var metadata = client.Metadata;
        TokenOperation? missing = typeof(TService) == typeof(ITokenSuspension) ? TokenOperation.Suspend
            : typeof(TService) == typeof(ITokenBulkUpdate) ? TokenOperation.BulkUpdate
            : typeof(TService) == typeof(ITokenCreationRecovery) ? TokenOperation.Create : null;
        if (missing is not { } operation)
            throw new InvalidOperationException(
                $"{metadata.Vendor} connection '{metadata.Connection}' has no {typeof(TService).Name}.");
        var capability = metadata.Capabilities[operation];
        throw capability.Support == OperationSupport.Unsupported
            ? NotSupported(metadata, operation, capability.Remark!, capability.Alternative)
            : NotSupported(metadata, operation, $"The client has no {typeof(TService).Name}.");
    }

    /// <summary>Lists the tokens with a name. The comparison is exact, although vendors compare names in different ways.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The exact name.</param>
    /// <param name="query">The list to search; null for the vendor's default list.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>All tokens with that name. At most vendors there is only one, but names aren't unique everywhere.</returns>
    /// <exception cref="TokenOperationNotSupportedException">The vendor has no list, or doesn't support a filter of the query.</exception>
    public static IAsyncEnumerable<ApiToken> FindByNameAsync(
        this ITokenClient client, string name, TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(name);
        return Where(client, query, token => string.Equals(token.Name, name, StringComparison.Ordinal), cancellationToken);
    }

    /// <summary>
    /// Lists the tokens that expire before a given time. This includes expired tokens, and tokens whose expiry can't be read
    /// (<see cref="ApiToken.Unreadable"/>), because they can expire at any time.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="instant">The time.</param>
    /// <param name="query">The list to search; null for the vendor's default list.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOperationNotSupportedException">The vendor has no list, or doesn't support a filter of the query.</exception>
    public static IAsyncEnumerable<ApiToken> ListExpiringBeforeAsync(
        this ITokenClient client, DateTimeOffset instant, TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Where(client, query, token => token.ExpiresAt < instant || token.Unreadable.HasFlag(TokenFields.Expiry), cancellationToken);
    }

    /// <summary>
    /// Lists the tokens that were certainly not used since a given time. The vendor can record a use late, by up to
    /// <see cref="TokenCapabilities.LastUsedGranularity"/>. So a token is left out if its recorded use is less than that time before the
    /// given one, because it may have been used after it. A token is also left out if its last use can't be read
    /// (<see cref="ApiToken.Unreadable"/>). A token without a recorded use is included, unless it was issued after the given time.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="instant">The time.</param>
    /// <param name="query">The list to search; null for the vendor's default list.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOperationNotSupportedException">
    /// The vendor has no list, doesn't report when tokens are used, or doesn't support a filter of the query.
    /// </exception>
    public static IAsyncEnumerable<ApiToken> ListUnusedSinceAsync(
        this ITokenClient client, DateTimeOffset instant, TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var capabilities = client.Metadata.Capabilities;
        if (capabilities.LastUsedGranularity is not { } granularity)
            throw NotSupported(client.Metadata, TokenOperation.List, "The vendor doesn't report when its tokens are used.");

        var lastCertain = instant - granularity;
        if (capabilities.Filters.HasFlag(TokenQueryFilters.UnusedSince))
            query = (query ?? new TokenQuery()) with { UnusedSince = lastCertain };
        return Where(client, query, IsUnused, cancellationToken);

        bool IsUnused(ApiToken token)
            => token.LastUsedAt is { } used ? used <= lastCertain
                : !token.Unreadable.HasFlag(TokenFields.LastUse) && (token.CreatedAt is null || token.CreatedAt <= instant);
    }

    private static TokenOperationNotSupportedException NotSupported(
        TokenClientMetadata metadata, TokenOperation operation, string reason, string? alternative = null)
        => new(
            $"{metadata.Vendor} connection '{metadata.Connection}', " +
            $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(operation.ToString()).Replace('_', ' ')}: not supported. " +
            $"{reason} {alternative}".TrimEnd(),
            new TokenFailure { Vendor = metadata.Vendor, Connection = metadata.Connection, Operation = operation })
        {
            Reason = reason,
            Alternative = alternative,
        };

    // The framework has LINQ for asynchronous sequences only since .NET 10.
    private static async IAsyncEnumerable<ApiToken> Where(
        ITokenClient client, TokenQuery? query, Func<ApiToken, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var token in client.ListAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (isWanted(token))
                yield return token;
        }
    }
}
