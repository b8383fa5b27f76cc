using System.Buffers;
using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// The whole body of a response in a buffer from the shared pool. It is read from memory as often as wanted until it is disposed; then the
/// buffer is emptied, for it may have held a secret, and given back.
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

    /// <summary>Gets the buffer, which begins with the body and goes on with what is not of it.</summary>
    public byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(BufferedContent));

    /// <summary>Gets how long the body is.</summary>
    public int Length => _length;

    /// <summary>Reads the whole body of a response and puts it in the place of the response's content, which is disposed.</summary>
    /// <param name="response">The response.</param>
    /// <param name="longest">The most bytes that it may have, after decompression.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HttpRequestException">The body is longer (<see cref="HttpRequestError.ConfigurationLimitExceeded"/>), or broke
    /// off.</exception>
    public static async ValueTask<BufferedContent> FillAsync(HttpResponseMessage response, int longest, CancellationToken cancellationToken)
    {
        var source = response.Content;
        var announced = source.Headers.ContentLength;
        if (announced > longest)
            throw TooLong();

        // One byte more than announced, so that the end is seen without another buffer. What is announced need not come: large bodies are
        // given room as they do.
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
            // What failed may have written more than it said.
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
