using System.Globalization;
using System.Text;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// The responses of the service: a list in pages, one record, a new record with its secret, and a session. The transport in memory and the
/// server return the same bytes.
/// </summary>
internal sealed class Responses
{
    private const string Collection = "/access-tokens/";

    private static readonly Response Unknown = new(404, """{"message":"There is no such resource."}"""u8.ToArray());

    private static readonly Response Session =
        new(200, Encoding.UTF8.GetBytes($$$"""{"token":{"uuid":"{{{Request.Token}}}","valid":true,"expires":"2100-01-01T00:00:00Z"}}"""));

    private static readonly Response NoToken = new(401, []);

    private readonly int _pageSize;
    private readonly Response[] _pages;
    private readonly Response _end;
    private readonly Response _single;
    private readonly Response _created;

    public Responses(int tokens, int pageSize = Request.PageSize)
    {
        Tokens = tokens;
        _pageSize = pageSize;
        var records = new TokenRecords();
        _single = new Response(200, records.Single(secret: null));
        _created = new Response(201, records.Single(Request.IssuedSecret));
        _pages = [.. Enumerable.Range(0, (tokens + pageSize - 1) / pageSize)
            .Select(page =>
                new Response(200, records.Page(Math.Min(pageSize, tokens - (page * pageSize)), pageSize, page * pageSize, tokens)))];

        // An empty page after the last one, because a client may request it.
        _end = new Response(200, records.Page(0, pageSize, tokens, tokens));
    }

    /// <summary>Gets the number of tokens in the whole list.</summary>
    public int Tokens { get; }

    /// <summary>Gets the average size of the list's pages.</summary>
    public int PageBytes => (int)_pages.Average(page => page.Body.Length);

    /// <summary>Returns the response to a request.</summary>
    /// <param name="hasToken">Whether the request has a token. Only the login needs none.</param>
    /// <param name="isPost">Whether the request is a POST, which creates a token or a session.</param>
    /// <param name="path">The request's path: that of the collection or of one token.</param>
    /// <param name="query">The request's query.</param>
    public Response For(bool hasToken, bool isPost, ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        if (isPost && path.EndsWith(Request.LoginPath))
            return Session;
        if (!hasToken)
            return NoToken;
        if (!path.EndsWith(Collection))
            return !isPost && path.Contains(Collection, StringComparison.Ordinal) ? _single : Unknown;
        if (isPost)
            return _created;
        var offset = Offset(query);
        if (offset >= Tokens)
            return _end;
        var (page, rest) = Math.DivRem(offset, _pageSize);
        return rest == 0 ? _pages[page] : Unknown;
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
