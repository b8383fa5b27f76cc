using System.Buffers;
using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Represents the whole body of a response, in a pooled buffer. It can be read any number of times until it is disposed. Then the buffer is
/// cleared, because it may have contained a secret, and returned to the pool.
/// </summary>
internal sealed class BufferedContent : HttpContent
{
    private const int FirstBuffer = 4 * 1024;
    private const int LargestFirstBuffer = 64 * 1024;
    private const int Growth = 8;

    private byte[]? _buffer;
    private readonly int _length;

    private BufferedContent(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>Gets the body.</summary>
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(0, _length);

    /// <summary>Gets the buffer. It begins with the body and can be longer than the body.</summary>
    public byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(BufferedContent));

    /// <summary>Gets the length of the body.</summary>
    public int Length => _length;

    /// <summary>Reads the whole body of a response and replaces the response's content, which is disposed.</summary>
    /// <param name="response">The response.</param>
    /// <param name="longest">The maximum number of bytes, after decompression.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="HttpRequestException">
    /// The body is too long (<see cref="HttpRequestError.ConfigurationLimitExceeded"/>), or it ended too early.
    /// </exception>
    public static async ValueTask<BufferedContent> FillAsync(HttpResponseMessage response, int longest, CancellationToken cancellationToken)
    {
        var source = response.Content;
        var announced = source.Headers.ContentLength;
        if (announced > longest)
            throw TooLong();

        // The buffer has one byte more than announced, so that the end is detected without another buffer. The announced length isn't
        // reliable, so a buffer for a large body grows with the received bytes.
        var expected = Math.Min(announced + 1 ?? FirstBuffer, longest + 1L);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(expected, LargestFirstBuffer));
        var length = 0;
        try
        {
            var stream = await source.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int read;
            while ((read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length > longest)
                    throw TooLong();
                if (length == buffer.Length)
                    buffer = Grown(buffer, length, expected);
            }
        }
        catch
        {
            // A failed read may have written more than it reported.
            GiveBack(buffer, buffer.Length);
            throw;
        }

        var content = new BufferedContent(buffer, length);
        foreach (var header in source.Headers.NonValidated)
            content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        response.Content = content;
        source.Dispose();
        return content;

        static HttpRequestException TooLong() => new(HttpRequestError.ConfigurationLimitExceeded);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Buffer, 0, _length);

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _buffer, null) is { } buffer)
            GiveBack(buffer, _length);
        base.Dispose(disposing);
    }

    private static byte[] Grown(byte[] buffer, int length, long expected)
    {
        var larger =
            ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(2L * length, Math.Min(expected, (long)Growth * length))));
        buffer.AsSpan(0, length).CopyTo(larger);
        GiveBack(buffer, length);
        return larger;
    }

    private static void GiveBack(byte[] buffer, int length)
    {
        buffer.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
