using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>
/// A client that does the job as a competent user of it would write it. Each method gives a checksum over all that it read.
/// </summary>
internal abstract class Candidate : IDisposable
{
    /// <summary>Reads the whole list, page after page, into one list.</summary>
    public abstract Task<long> ListAsync();

    /// <summary>Reads the whole list one token after the other, none of which is kept.</summary>
    /// <param name="onToken">Told the number of each token, while it is the present one; null for nobody.</param>
    public abstract Task<long> StreamAsync(Action<int>? onToken = null);

    /// <summary>Reads one record.</summary>
    public abstract Task<long> GetAsync();

    /// <summary>Creates a token and takes its record and secret.</summary>
    public abstract Task<long> CreateAsync();

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>An HTTP client as the candidates take one: the token and the accepted type in every request.</summary>
    /// <param name="transport">What sends requests; null for the framework's.</param>
    /// <param name="address">The service.</param>
    protected static HttpClient CreateHttpClient(HttpMessageHandler? transport, Uri address)
    {
        var http = transport is null ? new HttpClient() : new HttpClient(transport, disposeHandler: false);
        http.BaseAddress = address;
        http.DefaultRequestHeaders.Add(Request.TokenHeader, Request.Token);
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        return http;
    }
}

/// <summary>A candidate of token model <typeparamref name="TToken"/>, whose lists are read and checked in the same way for all.</summary>
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
