using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Represents a body that was read, as the content of its response. It is for programs that read the response themselves. The body is
/// disposed with the content.
/// </summary>
internal sealed class BufferedContent : HttpContent
{
    private readonly ResponseBody _body;

    /// <summary>Initializes a new instance of the <see cref="BufferedContent"/> class.</summary>
    /// <param name="body">The body.</param>
    /// <param name="source">The content that the body was read from, whose headers are copied.</param>
    public BufferedContent(ResponseBody body, HttpContent source)
    {
        _body = body;
        foreach (var header in source.Headers.NonValidated)
            Headers.TryAddWithoutValidation(header.Key, header.Value);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => stream.WriteAsync(_body.Buffer, 0, _body.Length);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _body.Dispose();
        base.Dispose(disposing);
    }
}
