using System.Text;
using Tokenwright.Adapters;

namespace Tokenwright.FuzzTests;

/// <summary>The SDK's own transport on connections in memory. The framework itself reads heads, chunks and compressed bodies.</summary>
internal static class WireTransport
{
    public static HttpMessageHandler Create(Func<string, string, byte[]> response)
    {
        var transport = (SocketsHttpHandler)VendorConnection.CreateTransport();
        transport.ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new Connection(response));
        return transport;
    }

    // One request and its response; then the connection is closed.
    private sealed class Connection(Func<string, string, byte[]> response) : Stream
    {
        private readonly MemoryStream _sent = new();
        private MemoryStream? _response;

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => (_response ??= new MemoryStream(Response())).Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => ValueTask.FromResult(Read(buffer.Span));

        public override void Write(byte[] buffer, int offset, int count) => _sent.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _sent.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private byte[] Response()
        {
            var line = Encoding.Latin1.GetString(_sent.ToArray()).Split('\r')[0].Split(' ');
            return response(line[0], line[1].Split('?')[0]);
        }
    }
}
