using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>
/// A client that runs the workloads as its documentation recommends. Each method returns a checksum of everything it read.
/// </summary>
internal abstract class Candidate : IDisposable
{
    /// <summary>Reads the whole list, page after page, into one list.</summary>
    public abstract Task<long> ListAsync();

    /// <summary>Reads the whole list token by token, and keeps none.</summary>
    /// <param name="onToken">Called with the number of each token, while that token is alive; null for no call.</param>
    public abstract Task<long> StreamAsync(Action<int>? onToken = null);

    /// <summary>Reads one record.</summary>
    public abstract Task<long> GetAsync();

    /// <summary>Creates a token, and reads its record and secret.</summary>
    public abstract Task<long> CreateAsync();

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Creates an HTTP client for a candidate. Each of its requests has the token and the accepted content type.</summary>
    /// <param name="transport">The handler that sends requests; null for the framework's.</param>
    /// <param name="address">The service.</param>
    public static HttpClient CreateHttpClient(HttpMessageHandler? transport, Uri address)
    {
        var http = transport is null ? new HttpClient() : new HttpClient(transport, disposeHandler: false);
        http.BaseAddress = address;
        http.DefaultRequestHeaders.Add(Request.TokenHeader, Request.Token);
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        return http;
    }
}

/// <summary>
/// A candidate with the token model <typeparamref name="TToken"/>. The lists of all candidates are read and checked in the same way.
/// </summary>
internal abstract class Candidate<TToken> : Candidate
{
    public override async Task<long> ListAsync()
    {
        var checksum = new Checksum();
        foreach (var token in await ReadListAsync())
            Add(ref checksum, token);
        return checksum.Value;
    }

    public override async Task<long> StreamAsync(Action<int>? onToken = null)
    {
        var checksum = new Checksum();
        var count = 0;
        await foreach (var token in ReadStreamAsync())
        {
            onToken?.Invoke(count++);
            Add(ref checksum, token);
        }

        return checksum.Value;
    }

    protected abstract Task<IReadOnlyList<TToken>> ReadListAsync();

    protected abstract IAsyncEnumerable<TToken> ReadStreamAsync();

    protected abstract void Add(ref Checksum checksum, TToken token);

    protected long ChecksumOf(TToken token)
    {
        var checksum = new Checksum();
        Add(ref checksum, token);
        return checksum.Value;
    }

    protected long ChecksumOf(TToken token, string? secret)
    {
        var checksum = new Checksum();
        Add(ref checksum, token);
        checksum.Add(secret);
        return checksum.Value;
    }
}
