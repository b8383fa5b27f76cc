namespace Tokenwright.FuzzTests.Mutation;

/// <summary>Changes status and headers of a response.</summary>
internal static class HeadMutator
{
    private static readonly int[] Statuses =
    [
        200, 200, 201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 303, 304, 307, 308, 400, 400, 401, 401, 402, 403, 403, 404,
        404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421,
        422, 423, 425, 426, 428, 429, 429, 431, 451, 499, 500, 500, 501, 502, 503, 503, 504, 505, 507, 511, 520, 599, 600, 799, 999,
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=\"UTF-8\"", "application/json;charset=utf-16",
        "application/json; charset=utf-16BE", "application/json; charset=utf-32",
        "application/json; charset=iso-8859-1", "application/json; charset=windows-1252", "application/json; charset=gb2312",
        "application/json; charset=utf-7", "application/json; charset=bogus", "application/json; charset=",
        "application/json; charset=\"", "application/json; charset=utf-8; charset=utf-16", "application/problem+json",
        "application/vnd.api+json", "text/json", "text/html", "text/html; charset=utf-8", "text/html; charset=nope",
        "text/plain", "text/xml", "application/octet-stream", "multipart/form-data; boundary=x", "application", "/", "", ";", "*/*",
        "application/json, text/html", "APPLICATION/JSON", "été/json", "application/json; charset=utf-8\t",
    ];

    private static readonly string[] Waits =
    [
        "0", "1", "30", "120", "3599", "86400", "2147483647", "2147483648", "99999999999999999999", "-1", "1.5", "+5", " 7 ", "٣", "",
        "soon", "0x10", "1e3", "Wed, 25 Nov 2026 00:01:00 GMT", "Wednesday, 25-Nov-26 00:01:00 GMT",
        "Wed Nov 25 00:01:00 2026", "Mon, 01 Jan 1990 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Wed, 25 Nov 2026 00:01:00 +0200",
        "2026-11-25T00:01:00Z", "Wed, 32 Nov 2026 00:01:00 GMT", "1, 2",
    ];

    private static readonly string[] Places =
    [
        "/elsewhere", "elsewhere", "//elsewhere.example/x", "https://elsewhere.example/x?y=z", "https://user:password@elsewhere.example/",
        "http://[::1", "http://[::1]:99999/", "javascript:alert(1)", "mailto:a@b.example",
        "urn:a:b", "file:///etc/passwd", "data:,x", "", "?", "#", "\\\\host\\share", "https://", "https://é.example/", "https:elsewhere",
        "%",
    ];

    private static readonly string[] Encodings =
        ["gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x-gzip", "compress", "bogus", ""];

    private static readonly (string Name, string[] Values)[] Headers =
    [
        ("Retry-After", Waits),
        ("RateLimit-Reset", Waits),
        ("RateLimit-Remaining", Waits),
        ("RateLimit-Limit", [.. Waits, "7500;w=3600", "100, 100;w=10"]),
        ("Date", Waits),
        ("Location", Places),
        ("Content-Encoding", Encodings),
        ("WWW-Authenticate", ["Bearer", "Bearer error=\"invalid_token\"", "Negotiate", "Basic realm=\"", "", ","]),
        ("Set-Cookie", ["a=b", "=", ""]),
        ("ETag", ["\"a\"", "W/", "a"]),
        ("Content-Language", ["de", "été", ""]),
        ("Content-Range", ["bytes 0-1/2", "x"]),
        ("Expires", Waits),
        ("Cache-Control", ["no-store", "max-age=x", "="]),
        ("X-Odd", ["", "é", "\u0001", "a, b", new('x', 10_000)]),
    ];

    public static int Status(Random random) => Statuses[random.Next(Statuses.Length)];

    /// <summary>Changes the headers of a response one or more times.</summary>
    public static void Mutate(Random random, List<(string Name, string Value)> headers)
    {
        if (random.Next(3) == 0)
        {
            headers.RemoveAll(header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
            if (random.Next(5) > 0)
                headers.Add(("Content-Type", ContentTypes[random.Next(ContentTypes.Length)]));
        }

        for (var count = random.Next(4); count > 0; count--)
        {
            var (name, values) = Headers[random.Next(Headers.Length)];
            if (random.Next(4) > 0)
                headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            headers.Add((name, values[random.Next(values.Length)]));
        }
    }
}
