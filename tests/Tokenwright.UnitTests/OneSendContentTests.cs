using System.Net;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>The bodies that a program's own transport receives: unchanged, but the body of a write can be sent only once.</summary>
internal sealed class OneSendContentTests : ConnectionFixture
{
    [Test]
    public void A_transport_that_retries_a_write_is_refused_and_named()
    {
        using var client = Client(new ActingTransport(async (request, send) =>
        {
            (await send(request)).Dispose();
            return await send(request);
        }));

        var refused = Assert.ThrowsAsync<RepeatedSendException>(() => client.SendAsync(Write()))!;

        Assert.That((refused.Handler, refused.FirstStatus), Is.EqualTo((typeof(ActingTransport).FullName, (HttpStatusCode?)null)));
        Assert.That(Count("POST"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_body_that_may_be_retried_is_not_wrapped()
    {
        _vendor.On("PUT", Path, VendorResponse.Empty(204));
        using var client = Client(new ActingTransport(async (request, send) =>
        {
            Assert.That(request.Content, Is.TypeOf<StringContent>());
            (await send(request)).Dispose();
            return await send(request);
        }));
        using var request = new HttpRequestMessage(HttpMethod.Put, Path) { Content = new StringContent("body") };

        using var response = await client.SendAsync(request);

        Assert.That(_vendor.Requests.Select(seen => seen.Body), Is.EqualTo(new[] { "body", "body" }));
    }

    [Test]
    public async Task The_body_and_its_headers_are_unchanged_and_restored_after_the_send()
    {
        using var client = Client(new ActingTransport(async (request, send) =>
        {
            Assert.That(request.Content!.Headers.ContentLength, Is.EqualTo(4));
            return await send(request);
        }));
        using var request = Write("body");
        request.Content!.Headers.TryAddWithoutValidation("X-Of-Body", "kept");
        var content = request.Content;

        using var response = await client.SendAsync(request);

        var seen = _vendor.Requests.Single();
        Assert.That((seen.Body, seen.Header("Content-Type"), seen.Header("X-Of-Body"), seen.Header("Content-Length")),
            Is.EqualTo(("body", "text/plain; charset=utf-8", "kept", "4")));
        Assert.That(request.Content, Is.SameAs(content));
    }

    [Test]
    public async Task The_body_is_restored_even_if_the_transport_fails()
    {
        using var client = Client(new ActingTransport((_, _) => throw new IOException("broken")));
        using var request = Write();
        var content = request.Content;

        Assert.That(() => client.SendAsync(request), Throws.TypeOf<IOException>());

        Assert.That(request.Content, Is.SameAs(content));
        Assert.That(await content!.ReadAsStringAsync(), Is.EqualTo("body"));
    }

    [Test]
    public async Task A_body_of_unknown_length_still_has_no_length()
    {
        using var client = Client(new ActingTransport((request, send) =>
        {
            Assert.That(request.Content!.Headers.ContentLength, Is.Null);
            return send(request);
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new OfUnknownLength() };

        using var response = await client.SendAsync(request);

        var seen = _vendor.Requests.Single();
        Assert.That((seen.Body, seen.Header("Transfer-Encoding"), seen.Header("Content-Length")),
            Is.EqualTo(("body", "chunked", (string?)null)));
    }

    [Test]
    public async Task A_transport_can_read_the_body_of_a_write_only_once()
    {
        string? copied = null;
        using var client = Client(new ActingTransport(async (request, _) =>
        {
            using var first = new MemoryStream();
            await request.Content!.CopyToAsync(first);
            copied = System.Text.Encoding.UTF8.GetString(first.ToArray());
            Assert.That(() => request.Content.CopyToAsync(Stream.Null), Throws.TypeOf<RepeatedSendException>());
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }));

        using var response = await client.SendAsync(Write());

        Assert.That((response.StatusCode, copied), Is.EqualTo((HttpStatusCode.NoContent, "body")));
    }

    // Its length is known only after writing it.
    private sealed class OfUnknownLength : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
            => stream.WriteAsync("body"u8.ToArray()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
