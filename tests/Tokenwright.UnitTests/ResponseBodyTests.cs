using System.Buffers;
using System.Net;
using System.Runtime.InteropServices;
using Tokenwright.Http;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>
/// The buffers that bodies are read into: their size, and that they are cleared and returned to the pool, even after a failure.
/// </summary>
internal sealed class ResponseBodyTests
{
    private const int Longest = 1 << 20;

    [Test]
    public async Task A_body_of_exactly_the_limit_is_read_and_a_longer_one_is_not(
        [Values(1, 63, 4096, 65536, 100_000, Longest)] int cap, [Values] bool isAnnounced)
    {
        using var whole = Response(new Body(cap), isAnnounced ? cap : null);
        using var tooLong = Response(new Body(cap + 1), isAnnounced ? cap + 1 : null);

        Assert.That((await ResponseBody.ReadAsync(whole, cap, default)).Length, Is.EqualTo(cap));
        var failure = Assert.ThrowsAsync<HttpRequestException>(async () => await ResponseBody.ReadAsync(tooLong, cap, default));
        Assert.That(failure!.HttpRequestError, Is.EqualTo(HttpRequestError.ConfigurationLimitExceeded));
    }

    // A server can announce any length without sending it.
    [Test]
    public async Task An_announced_length_does_not_allocate_more_than_the_body_needs(
        [Values(0, 1, 60_000, 70_000, 300_000)] int length)
    {
        var body = new Body(length);
        using var response = Response(body, announced: 16 * 1024 * 1024);

        using var content = await ResponseBody.ReadAsync(response, 16 * 1024 * 1024, default);

        Assert.That(content.Length, Is.EqualTo(length));
        Assert.That(content.Span.ToArray(), Is.EqualTo(Body.Bytes(length)));
        Assert.That(body.Offered.Max(array => array.Length), Is.LessThanOrEqualTo(Math.Max(64 * 1024, 16 * length)));
    }

    [Test]
    public async Task A_body_of_the_announced_length_is_rarely_copied()
    {
        var body = new Body(Longest);
        using var response = Response(body, announced: Longest);

        using var content = await ResponseBody.ReadAsync(response, 16 * Longest, default);

        Assert.That(body.Offered.Distinct().Count(), Is.LessThanOrEqualTo(3));
    }

    [TestCase(4096, 4096)]
    [TestCase(10_000, 10_000)]
    [TestCase(10_000, Longest)]
    public async Task A_body_that_fits_is_read_into_one_buffer(int length, int cap)
    {
        var body = new Body(length);
        using var response = Response(body, announced: length);

        using var content = await ResponseBody.ReadAsync(response, cap, default);

        Assert.That(body.Offered, Has.Count.EqualTo(1));
        Assert.That(body.Offered[0].Length, Is.LessThan(4 * length), "and that is no larger than it needs");
    }

    [Test]
    public void A_body_that_is_announced_as_too_long_is_not_read()
    {
        var body = new Body(1001);
        using var response = Response(body, announced: 1001);

        Assert.That(async () => await ResponseBody.ReadAsync(response, 1000, default), Throws.TypeOf<HttpRequestException>());
        Assert.That(body.Offered, Is.Empty);
    }

    [Test]
    public async Task The_content_of_the_response_is_disposed_and_can_be_replaced_for_programs()
    {
        var body = new Body(1000);
        using var response = Response(body, announced: null);
        response.Content.Headers.TryAddWithoutValidation("X-Of-Body", ["a", "b"]);

        var content = new BufferedContent(await ResponseBody.ReadAsync(response, Longest, default), response.Content);

        Assert.That(body.IsDisposed, Is.True);
        Assert.That(content.Headers.ContentLength, Is.EqualTo(1000));
        Assert.That(content.Headers.GetValues("X-Of-Body"), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(await content.ReadAsByteArrayAsync(), Is.EqualTo(Body.Bytes(1000)));
        content.Dispose();
        Assert.That(() => content.ReadAsByteArrayAsync(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Buffers_are_cleared_and_returned_when_the_body_is_disposed()
    {
        var body = new Body(200_000);
        using var response = Response(body, announced: null);
        var content = await ResponseBody.ReadAsync(response, Longest, default);

        content.Dispose();

        AssertGivenBack(body);
        Assert.That(() => content.Buffer, Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase(0, false)]
    [TestCase(100_000, false)]
    [TestCase(100_000, true)]
    public void Buffers_are_cleared_and_returned_if_reading_fails(int after, bool isCancelled)
    {
        // Bytes that the stream had written before it failed.
        var body = new Body(
            200_000) { FailsAfter = after, Failure = isCancelled ? new OperationCanceledException() : new IOException("broken") };
        using var response = Response(body, announced: null);

        Assert.That(async () => await ResponseBody.ReadAsync(response, Longest, default), Throws.TypeOf(body.Failure.GetType()));
        AssertGivenBack(body);
    }

    [Test]
    public void Buffers_are_cleared_and_returned_if_the_body_is_too_long()
    {
        var body = new Body(200_000);
        using var response = Response(body, announced: null);

        Assert.That(async () => await ResponseBody.ReadAsync(response, 100_000, default), Throws.TypeOf<HttpRequestException>());
        AssertGivenBack(body);
    }

    [TestCase(null)]
    [TestCase(typeof(InvalidOperationException))]
    [TestCase(typeof(OutOfMemoryException))]
    [TestCase(typeof(OperationCanceledException))]
    [CancelAfter(30_000)]
    public async Task Requested_pages_are_cancelled_and_their_buffers_returned_when_a_list_is_not_enumerated_further(
        Type? failure, CancellationToken cancellationToken)
    {
        using var transport = new PageTransport(failure);
        using var client = new XmsTokenClient(
            "lab", new() { BaseAddress = new Uri("http://127.0.0.1:1/v1"), AccessToken = new TokenSecret("s"), MaxRetries = 0 },
                new() { Transport = transport });

        var count = 0;
        await foreach (var token in client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = 4 }, cancellationToken))
        {
            if (++count < 11)
                continue;

            // The second page is being read; the third has arrived; the fourth and fifth have not.
            await transport.AllUnderWay;
            break;
        }

        Assert.That(transport.Cancelled, Is.EqualTo(2));
        Assert.That(transport.Bodies, Has.Count.EqualTo(3));

        // Other code may have rented the arrays in the meantime.
        Assert.That(transport.Bodies.SelectMany(body => body.Offered).Select(array => System.Text.Encoding.UTF8.GetString(array)),
            Has.All.Not.Contains(PageTransport.Marker));
    }

    private static HttpResponseMessage Response(Body body, long? announced)
    {
        // Arrays of the pool can contain what others left in them, behind the end of the body. The thread gets these back.
        for (var size = 16; size <= 1 << 20; size *= 2)
            ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(size), clearArray: true);
        var content = new StreamContent(body);
        content.Headers.ContentLength = announced;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    // On one thread, because then the pool returns the most recent array first.
    private static void AssertGivenBack(Body body)
    {
        foreach (var array in body.Offered.Distinct())
        {
            Assert.That(array.AsSpan().ContainsAnyExcept((byte)0), Is.False, "emptied");
            Assert.That(ArrayPool<byte>.Shared.Rent(array.Length), Is.SameAs(array), "given back");
        }
    }

    // Returns the pages of a list. From the fourth on, pages wait until they are cancelled, and then fail as the test says.
    private sealed class PageTransport(Type? failure) : HttpMessageHandler
    {
        public const string Marker = "a name that only this test knows";

        private readonly TaskCompletionSource _allUnderWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;
        private int _cancelled;

        public List<Body> Bodies { get; } = [];

        public Task AllUnderWay => _allUnderWay.Task;

        public int Cancelled => _cancelled;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var offset =
                int.Parse(request.RequestUri!.Query.Split("offset=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture);
            if (offset < 30)
            {
                var tokens = string.Join(',', Enumerable.Range(offset, 10).Select(id => $$"""{"id":{{id}},"name":"{{Marker}}"}"""));
                var page = new Body(
                    System.Text.Encoding.UTF8.GetBytes($$$"""{"access_tokens":[{{{tokens}}}],"paging":{"total_count":100}}"""));
                lock (Bodies)
                    Bodies.Add(page);
                return Response(page, announced: null);
            }

            if (Interlocked.Increment(ref _waiting) == 2)
                _allUnderWay.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _cancelled);
                if (failure is not null)
                    throw (Exception)Activator.CreateInstance(failure)!;
                throw;
            }

            throw new InvalidOperationException("Never.");
        }
    }

    // A body that records the arrays it was read into.
    private sealed class Body(byte[] bytes) : Stream
    {
        private int _position;

        public Body(int length)
            : this(Bytes(length))
        {
        }

        public List<byte[]> Offered { get; } = [];

        public int? FailsAfter { get; init; }

        public Exception Failure { get; init; } = new IOException();

        public bool IsDisposed { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)((index % 250) + 1))];

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.That(MemoryMarshal.TryGetArray<byte>(buffer, out var segment), Is.True);
            if (!Offered.Contains(segment.Array!))
                Offered.Add(segment.Array!);
            if (_position >= FailsAfter)
            {
                buffer.Span[^1] = 1;
                throw Failure;
            }

            var read = Math.Min(buffer.Length, bytes.Length - _position);
            bytes.AsMemory(_position, read).CopyTo(buffer);
            _position += read;
            return new(read);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
