using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tokenwright;

/// <summary>Checks one connection with a cheap read, and checks the expiry of its own credential.</summary>
internal sealed class TokenHealthCheck(ITokenClient client, TokenHealthCheckOptions options, TimeProvider clock) : IHealthCheck
{
    private readonly Lock _lock = new();
    private Task<Response>? _newest;

    /// <summary>
    /// Reads the record of the connection's own token. If that isn't supported, reads the first page of the list and returns null.
    /// </summary>
    public static async Task<ApiToken?> ReadOwnAsync(ITokenClient client)
    {
        var capabilities = client.Metadata.Capabilities;
        if (capabilities[TokenOperation.Get].References.HasFlag(TokenReferenceKinds.Self))
            return await client.GetAsync(TokenReference.Self).ConfigureAwait(false);
        var query = capabilities.Filters.HasFlag(TokenQueryFilters.PageSize) ? new TokenQuery { PageSize = 1 } : null;
        await foreach (var page in client.ListAsync(query).AsPages().ConfigureAwait(false))
            break;
        return null;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Judge(await Newest().WaitAsync(cancellationToken).ConfigureAwait(false), context.Registration.FailureStatus);

    // Concurrent probes share one request, which a cancelled probe leaves to the others. The connection's own timeouts limit it.
    private Task<Response> Newest()
    {
        lock (_lock)
        {
            if (_newest is null || _newest.IsFaulted || _newest.IsCanceled
                || (_newest.IsCompleted && clock.GetElapsedTime(_newest.Result.At) >= options.CacheDuration))
                _newest = Task.Run(AskAsync);
            return _newest;
        }
    }

    private async Task<Response> AskAsync()
    {
        try
        {
            return new Response(await options.ReadAsync(client).ConfigureAwait(false), null, clock.GetTimestamp());
        }
        catch (TokenClientException failure)
        {
            return new Response(null, failure, clock.GetTimestamp());
        }
    }

    private HealthCheckResult Judge(Response response, HealthStatus failed)
    {
        var data = new Dictionary<string, object> { ["vendor"] = client.Metadata.Vendor, ["connection"] = client.Metadata.Connection };
        switch (response.Failure)
        {
            case TokenRateLimitedException or TokenPermissionException:
                return new(HealthStatus.Degraded,
                    $"The vendor was reached, but the expiry of the credential could not be read. {response.Failure.Message}",
                    response.Failure, data);
            case { } failure:
                return new(failed, failure.Message, failure, data);
        }

        if (response.Own is not { } own)
            return new(HealthStatus.Healthy, "The vendor was reached. The credential has no expiry to check.", null, data);
        if (own.ExpiresAt is { } expiry)
            data["expiresAt"] = expiry;
        if (own.State != TokenState.Active && own.State != TokenState.Unknown && own.State != TokenState.Expired)
            return new(failed, $"The vendor was reached, but the credential is {own.State}.", null, data);
        var left = own.ExpiresAt - clock.GetUtcNow();
        if (left <= TimeSpan.Zero || (left is null && own.State == TokenState.Expired))
            return new(failed,
                $"The credential has expired{(own.ExpiresAt is null ? string.Empty : $", {Text(own.ExpiresAt.Value)}")}. Replace it.", null,
                data);
        if (left <= options.ExpiryWarning)
            return new(HealthStatus.Degraded,
                $"The credential expires in {Text(left.Value)}, {Text(own.ExpiresAt!.Value)}. Replace it before.", null, data);
        if ((own.Unreadable & (TokenFields.Expiry | TokenFields.State)) != 0)
            return new(HealthStatus.Degraded,
                "The vendor was reached, but whether and when the credential expires can't be read from its record. Look at it in the " +
                "vendor's console.", null, data);
        return new(HealthStatus.Healthy, left is null
            ? "The vendor was reached." : $"The vendor was reached. The credential expires {Text(own.ExpiresAt!.Value)}.", null, data);
    }

    private static string Text(TimeSpan time)
        => time < TimeSpan.FromDays(1) ? $"{time.TotalHours.ToString("0.#", CultureInfo.InvariantCulture)} hours"
            : $"{time.TotalDays.ToString("0.#", CultureInfo.InvariantCulture)} days";

    private static string Text(DateTimeOffset time) => $"at {time.ToUniversalTime():u}";

    private sealed record Response(ApiToken? Own, TokenClientException? Failure, long At);
}
