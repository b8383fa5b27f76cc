using System.Net;

namespace Tokenwright.UnitTests;

/// <summary>A response that records whether it was disposed.</summary>
internal sealed class WatchedResponse(HttpStatusCode status) : HttpResponseMessage(status)
{
    public bool IsDisposed { get; private set; }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
