namespace Tokenwright.ConformanceTests;

/// <summary>An HTTP response as raw bytes. It repeats secrets where the framework's or the reader's errors could quote them.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Write">Returns the bytes as Latin-1 text, with the given text repeated.</param>
internal sealed record EchoingResponse(string Name, Func<string, string> Write)
{
    private const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    private const string Closed = "Connection: close\r\n";

    /// <summary>Gets all responses. A success may contain a new secret, so no part of it may be shown.</summary>
    public static IReadOnlyList<EchoingResponse> Successes { get; } =
    [
        new("status line without a number", secret => $"HTTP/1.1 2OO {secret}\r\n\r\n"),
        new("status line of another protocol", secret => $"{secret}\r\n\r\n"),
        new("status line without an end", secret => $"HTTP/1.1 200 {secret}"),
        new("reason phrase of a success that is cut", secret => $"HTTP/1.1 200 {secret}\r\nContent-Length: 10\r\n\r\n"),
        new("header line without a colon", secret => $"HTTP/1.1 200 OK\r\n{secret}\r\n\r\n"),
        new("header name that is none", secret => $"HTTP/1.1 200 OK\r\n{secret} (x): y\r\n\r\n"),
        new("header that never ends", secret => $"HTTP/1.1 200 OK\r\nX-Token: {secret}"),
        new("headers beyond the limit", secret => $"HTTP/1.1 200 OK\r\nX-Token: {secret}{new string('x', 100_000)}\r\n\r\n"),
        new("length that is no number", secret => $"HTTP/1.1 200 OK\r\nContent-Length: {secret}\r\n{Closed}\r\n{{"),
        new("chunk size", secret => $"{Json}Transfer-Encoding: chunked\r\n\r\n{secret}\r\n"),
        new("chunk extension", secret => $"{Json}Transfer-Encoding: chunked\r\n\r\n5;{secret}\r\nhell"),
        new("chunk terminator", secret => $"{Json}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}{secret}\r\n0\r\n\r\n"),
        new("trailer", secret => $"{Json}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n0\r\n{secret}\r\n\r\n"),
        new("gzip that is none", secret => $"{Json}Content-Encoding: gzip\r\n\r\n{secret}"),
        new("deflate that is none", secret => $"{Json}Content-Encoding: deflate\r\n\r\n{secret}"),
        new("brotli that is none", secret => $"{Json}Content-Encoding: br\r\n\r\n{secret}"),
        new("an unknown encoding", secret => $"{Json}Content-Encoding: {secret}\r\n\r\n{secret}"),
        new("body that is cut", secret => $"{Json}Content-Length: 1000\r\n\r\n{{\"token\":\"{secret}"),
        new("JSON that is cut", secret => $"{Json}\r\n{{\"token\":\"{secret}"),
        new("JSON with a wrong escape", secret => $"{Json}\r\n{{\"token\":\"{secret}\\q\"}}"),
        new("text in place of JSON", secret => $"{Json}\r\n{secret}"),
        new("a string in place of an object", secret => $"{Json}\r\n\"{secret}\""),
        new("members of wrong types", secret => $"{Json}\r\n[{{\"{secret}\":[\"{secret}\"]}}]"),
        new("a page", secret => $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{Closed}\r\n<html>{secret}</html>"),
        new("a type that repeats it",
            secret => $"HTTP/1.1 200 OK\r\nContent-Type: application/{secret}; charset={secret}\r\nX-Token: {secret}\r\nSet-Cookie: " +
            $"session={secret}\r\n{Closed}\r\n{{"),
        new("a header whose name repeats it", secret => $"HTTP/1.1 200 OK\r\nX-{secret}: y\r\nDate: {secret}\r\n{Closed}\r\n{{"),
        new("a status that is not declared",
            secret => $"HTTP/1.1 229 {secret}\r\nX-Token: {secret}\r\n{Closed}\r\n{{\"token\":\"{secret}\"}}"),
        new("an interim response", secret => $"HTTP/1.1 103 {secret}\r\nX-Token: {secret}\r\n\r\n{secret}\r\n\r\n"),
        new("an upgrade", secret => $"HTTP/1.1 101 {secret}\r\nUpgrade: {secret}\r\n\r\n{secret}"),
    ];

    /// <summary>Gets errors that repeat what was sent. Only known secrets can be in them.</summary>
    public static IReadOnlyList<EchoingResponse> Refusals { get; } =
    [
        new("reason phrase", secret => $"HTTP/1.1 400 {secret}\r\nContent-Length: 0\r\n{Closed}\r\n"),
        new("message", secret => Refusal(400, $"{{\"message\":\"invalid_grant: {secret}\",\"detail\":\"{secret}\"}}")),
        new("message of several parts",
            secret => Refusal(403, $"{{\"messages\":[{{\"text\":\"{secret}\"}}],\"error\":{{\"message\":\"{secret}\"}}}}")),
        new("code and id",
            secret => Refusal(
                409,
                $"{{\"code\":\"{secret}\",\"error_code\":\"{secret}\",\"error_id\":\"{secret}\",\"requestId\":\"{secret}\"," +
                $"\"trackingId\":\"{secret}\"}}")),
        new("page", secret => $"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/{secret}\r\n{Closed}\r\n<html>{secret}</html>"),
        new("headers",
            secret => $"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"{secret}\"\r\nX-Request-Id: " +
            $"{secret}\r\nX-{secret}: y\r\nContent-Length: 0\r\n{Closed}\r\n"),
        new("redirect to a host",
            secret => $"HTTP/1.1 302 Found\r\nLocation: https://{secret}.example/{secret}?{secret}\r\nContent-Length: 0\r\n{Closed}\r\n"),
        new("redirect with a user", secret =>
            $"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://{secret}:{secret}@evil.example/\r\nContent-Length: 0\r\n{Closed}\r\n"),
        new("body that is cut",
            secret => $"HTTP/1.1 400 {secret}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"message\":\"{secret}"),
        new("chunk of a refusal",
            secret => $"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{secret}\r\n"),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Refusal(int status, string body)
        => $"HTTP/1.1 {status} Refused\r\nContent-Type: application/json\r\n{Closed}\r\n{body}";
}
