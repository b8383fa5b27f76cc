using System.Runtime.CompilerServices;

namespace Tokenwright;

/// <summary>Queries that work with any <see cref="ITokenClient"/>.</summary>
public static class TokenClientExtensions
{
    /// <summary>Reaches an optional interface, the typed client or an inner client.</summary>
    /// <typeparam name="TService">The type asked for.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="serviceKey">Narrows the search where one type is there more than once; null elsewhere.</param>
    /// <returns>The object, or null if there is none.</returns>
    public static TService? GetService<TService>(this ITokenClient client, object? serviceKey = null)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(client);
        return (TService?)client.GetService(typeof(TService), serviceKey);
    }

    /// <summary>Reaches an optional interface, the typed client or an inner client that must be there.</summary>
    /// <inheritdoc cref="GetService{TService}" />
    /// <returns>The object.</returns>
    /// <exception cref="TokenOperationNotSupportedException">The client lacks the optional interface.</exception>
    /// <exception cref="InvalidOperationException">The client has nothing else of the type.</exception>
    public static TService GetRequiredService<TService>(this ITokenClient client, object? serviceKey = null)
        where TService : class
    {
        if (client.GetService<TService>(serviceKey) is { } service)
            return service;
        var metadata = client.Metadata;
        TokenOperation? missing = typeof(TService) == typeof(ITokenSuspension) ? TokenOperation.Suspend
            : typeof(TService) == typeof(ITokenCreationRecovery) ? TokenOperation.Create : null;
        if (missing is not { } operation)
            throw new InvalidOperationException(
                $"{metadata.Vendor} connection '{metadata.Connection}' has no {typeof(TService).Name}.");
        var capability = metadata.Capabilities[operation];
        throw capability.Support == OperationSupport.Unsupported
            ? NotSupported(metadata, operation, capability.Remark!, capability.Alternative)
            : NotSupported(metadata, operation, $"The client has no {typeof(TService).Name}.");
    }

    /// <summary>Lists the tokens of a name. Vendors compare names in different ways; this compares them exactly.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The name, in its exact spelling.</param>
    /// <param name="query">Narrows the list that is searched; null searches what the vendor lists by default.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>All tokens of that name: at most vendors one, but not everywhere are names unique.</returns>
    /// <exception cref="TokenOperationNotSupportedException">The vendor has no list, or the query asks for a filter that it doesn't
    /// have.</exception>
    public static IAsyncEnumerable<ApiToken> FindByNameAsync(
        this ITokenClient client, string name, TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(name);
        return Where(client, query, token => string.Equals(token.Name, name, StringComparison.Ordinal), cancellationToken);
    }

    /// <summary>
    /// Lists the tokens that expire before an instant, those that have expired already included, and those whose expiry can't be read
    /// (<see cref="ApiToken.Unreadable"/>): they may expire at any time.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="query">Narrows the list that is searched; null searches what the vendor lists by default.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOperationNotSupportedException">The vendor has no list, or the query asks for a filter that it doesn't
    /// have.</exception>
    public static IAsyncEnumerable<ApiToken> ListExpiringBeforeAsync(
        this ITokenClient client, DateTimeOffset instant, TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Where(client, query, token => token.ExpiresAt < instant || token.Unreadable.HasFlag(TokenFields.Expiry), cancellationToken);
    }

    /// <summary>
    /// Lists the tokens that were surely not used since an instant. The vendor may record a use late, by up to
    /// <see cref="TokenCapabilities.LastUsedGranularity"/>: a token whose recorded use lies within that time before the instant may have
    /// been used after it, and is left out, as is one whose last use can't be read (<see cref="ApiToken.Unreadable"/>). A token without a
    /// recorded use counts, unless it was issued after the instant.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="query">Narrows the list that is searched; null searches what the vendor lists by default.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOperationNotSupportedException">The vendor has no list, doesn't report when tokens are used, or lacks a filter
    /// of the query.</exception>
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
            $"{metadata.Vendor} connection '{metadata.Connection}', {operation.ToString().ToLowerInvariant()}: not supported. " +
            $"{reason} {alternative}".TrimEnd(),
            new TokenFailure { Vendor = metadata.Vendor, Connection = metadata.Connection, Operation = operation })
        {
            Reason = reason,
            Alternative = alternative,
        };

    // LINQ over such sequences came with .NET 10.
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
