using System.Collections.Concurrent;

namespace Tokenwright.Http;

/// <summary>Provides the rate limiters of all credentials in use. Clients whose calls a vendor counts together share one.</summary>
internal sealed class VendorRateLimiters
{
    private const int FewestBeforeSweep = 64;

    private readonly ConcurrentDictionary<Key, VendorRateLimiter> _limiters = new();
    private int _sweepAt = FewestBeforeSweep;

    /// <summary>Gets the rate limiters of the process.</summary>
    public static VendorRateLimiters Shared { get; } = new();

    /// <summary>Gets the number of rate limiters.</summary>
    public int Count => _limiters.Count;

    /// <summary>Gets the rate limiter of a credential.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="baseAddress">The address of the vendor's API.</param>
    /// <param name="scope">
    /// The key by which the vendor counts. It can contain a secret, so only its hash is stored, which differs from process to process. If
    /// two keys have the same hash by chance, they only share a rate limiter.
    /// </param>
    /// <param name="timeProvider">The clock. Clients with different clocks share nothing.</param>
    public VendorRateLimiter Get(string vendor, Uri baseAddress, string scope, TimeProvider timeProvider)
    {
        var key = new Key(vendor, baseAddress.Authority, scope.GetHashCode(StringComparison.Ordinal), timeProvider);
        while (true)
        {
            if (_limiters.TryGetValue(key, out var known))
            {
                if (!known.IsRetired)
                    return known;
                _limiters.TryRemove(KeyValuePair.Create(key, known));
            }

            Sweep();
            _limiters.TryAdd(key, new VendorRateLimiter(timeProvider));
        }
    }

    // Unused rate limiters are removed each time their number has doubled, so that the average cost for each new one stays constant.
    private void Sweep()
    {
        if (_limiters.Count < Volatile.Read(ref _sweepAt))
            return;
        foreach (var pair in _limiters)
        {
            if (pair.Value.TryRetire())
                _limiters.TryRemove(pair);
        }

        Volatile.Write(ref _sweepAt, Math.Max(FewestBeforeSweep, _limiters.Count * 2));
    }

    private sealed record Key(string Vendor, string Authority, int Scope, TimeProvider TimeProvider);
}
