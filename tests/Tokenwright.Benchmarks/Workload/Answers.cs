using System.Globalization;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>What the service answers: a list in pages, one record, and a new one with its secret. Both the transport in memory and the server give these bytes.</summary>
internal sealed class Answers
{
    private const string Collection = "/access-tokens/";

    private static readonly Answer Unknown = new(404, """{"message":"There is no such resource."}"""u8.ToArray());

    private readonly int _pageSize;
    private readonly Answer[] _pages;
    private readonly Answer _single;
    private readonly Answer _created;

    public Answers(int tokens, int pageSize = Request.PageSize)
    {
        Tokens = tokens;
        _pageSize = pageSize;
        var records = new TokenRecords();
        _single = new Answer(200, records.Single(secret: null));
        _created = new Answer(201, records.Single(Request.IssuedSecret));
        _pages = [.. Enumerable.Range(0, (tokens + pageSize - 1) / pageSize)
            .Select(page => new Answer(200, records.Page(Math.Min(pageSize, tokens - (page * pageSize)), pageSize, page * pageSize, tokens)))];
    }

    /// <summary>How many tokens the whole list has.</summary>
    public int Tokens { get; }

    /// <summary>How long the list's pages are on average.</summary>
    public int PageBytes => (int)_pages.Average(page => page.Body.Length);

    /// <summary>The answer to a request.</summary>
    /// <param name="isPost">Whether it creates.</param>
    /// <param name="path">Its path, which ends in the collection or in an id.</param>
    /// <param name="query">Its query.</param>
    public Answer For(bool isPost, ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        if (!path.EndsWith(Collection))
            return !isPost && path.Contains(Collection, StringComparison.Ordinal) ? _single : Unknown;
        if (isPost)
            return _created;
        var (page, rest) = Math.DivRem(Offset(query), _pageSize);
        return rest == 0 && page < _pages.Length ? _pages[page] : Unknown;
    }

    private static int Offset(ReadOnlySpan<char> query)
    {
        const string Name = "offset=";
        var start = query.IndexOf(Name);
        if (start < 0)
            return 0;
        var value = query[(start + Name.Length)..];
        var end = value.IndexOf('&');
        return int.Parse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
