namespace Tokenwright.UnitTests;

/// <summary>The body of a response that throws when it is read, and that records whether it was disposed.</summary>
internal sealed class WatchedContent : HttpContent
{
    private readonly Exception _failure;

    public WatchedContent(Exception failure, string? type)
    {
        _failure = failure;
        if (type is not null)
            Headers.TryAddWithoutValidation("Content-Type", type);
    }

    public bool IsDisposed { get; private set; }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromException<Stream>(_failure);

    protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => Task.FromException(_failure);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
