namespace Tokenwright.Benchmarks.Workload;

/// <summary>A body as it arrives from a socket: forward-only, of unknown length, at most 16 KiB per read.</summary>
/// <param name="body">The body.</param>
/// <param name="breaksOff">Whether the connection is lost in the middle of the body.</param>
internal sealed class BodyStream(byte[] body, bool breaksOff = false) : Stream
{
    private const int MostAtOnce = 16 * 1024;

    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var arriving = breaksOff ? body.Length / 2 : body.Length;
        if (breaksOff && _position == arriving)
            throw new IOException("The connection was lost.");
        var count = Math.Min(Math.Min(buffer.Length, MostAtOnce), arriving - _position);
        body.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
