namespace Tokenwright.Benchmarks.Candidates;

/// <summary>A candidate that returns pages, so the caller writes the loop over them.</summary>
internal abstract class PagingCandidate<TToken> : Candidate<TToken>
{
    protected sealed override async Task<IReadOnlyList<TToken>> ReadListAsync()
    {
        List<TToken>? all = null;
        long total;
        do
        {
            var page = await ReadPageAsync(all?.Count ?? 0);
            total = page.Total;
            all ??= new List<TToken>((int)total);
            all.AddRange(page.Tokens);
        }
        while (all.Count < total);
        return all;
    }

    protected sealed override async IAsyncEnumerable<TToken> ReadStreamAsync()
    {
        var read = 0;
        long total;
        do
        {
            var page = await ReadPageAsync(read);
            total = page.Total;
            read += page.Tokens.Count;
            foreach (var token in page.Tokens)
                yield return token;
        }
        while (read < total);
    }

    protected abstract Task<Page> ReadPageAsync(int offset);

    protected readonly record struct Page(ICollection<TToken> Tokens, long Total);
}
