using System.Collections.Concurrent;

namespace Tokenwright.Http;

/// <summary>The rate limiters of all credentials in use: clients that a vendor counts together share one.</summary>
internal sealed class VendorRateLimiters
{
    private const int FewestBeforeSweep = 64;

    private readonly ConcurrentDictionary<Key, VendorRateLimiter> _limiters = new();
    private int _sweepAt = FewestBeforeSweep;

    /// <summary>Gets those of the process.</summary>
    public static VendorRateLimiters Shared { get; } = new();

    /// <summary>Gets how many are kept.</summary>
    public int Count => _limiters.Count;

    /// <summary>Gets the rate limiter of a credential.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="baseAddress">Where its API is.</param>
    /// <param name="scope">
    /// What the vendor counts by. It may hold a secret, so only a hash of it is kept, which differs from process to process; two that share
    /// one by chance only share a rate limiter.
    /// </param>
    /// <param name="timeProvider">The clock; clients with different clocks share nothing.</param>
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

    // Credentials come and go. Looked through each time their number has doubled, they cost the same for each new one, however many there
    // are.
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
