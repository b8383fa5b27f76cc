using System.Buffers;
using System.Runtime.CompilerServices;

namespace Tokenwright.Http;

/// <summary>
/// Represents the whole body of a response, in a pooled buffer. It can be read any number of times until it is disposed. Then the buffer is
/// cleared, because it may have contained a secret, and returned to the pool.
/// </summary>
internal sealed class ResponseBody : IDisposable
{
    private const int FirstBuffer = 4 * 1024;
    private const int LargestFirstBuffer = 64 * 1024;
    private const int Growth = 8;

    private byte[]? _buffer;
    private readonly int _length;

    private ResponseBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>Gets the body.</summary>
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(0, _length);

    /// <summary>Gets the buffer. It begins with the body and can be longer than the body.</summary>
    public byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(ResponseBody));

    /// <summary>Gets the length of the body.</summary>
    public int Length => _length;

    /// <summary>Creates a body from a copy of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static ResponseBody Of(ReadOnlySpan<byte> bytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(buffer);
        return new ResponseBody(buffer, bytes.Length);
    }

    /// <summary>
    /// Reads the whole body of a response. The content of the response is disposed, and only its headers can still be read.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="longest">The maximum number of bytes, after decompression.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="HttpRequestException">
    /// The body is too long (<see cref="HttpRequestError.ConfigurationLimitExceeded"/>), or it ended too early.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<ResponseBody> ReadAsync(HttpResponseMessage response, int longest, CancellationToken cancellationToken)
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
            // The framework's contents of responses give their stream at once. Others may have to create it.
            var stream = source.GetType().Assembly == typeof(HttpContent).Assembly
                ? source.ReadAsStream(cancellationToken) : await source.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
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

        source.Dispose();
        return new ResponseBody(buffer, length);

        static HttpRequestException TooLong() => new(HttpRequestError.ConfigurationLimitExceeded);
    }

    /// <summary>Clears the buffer and returns it to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            GiveBack(buffer, _length);
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
