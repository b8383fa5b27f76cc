using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Disposing a container or a client leaves nothing open.</summary>
internal sealed class ContainerDisposalTests
{
    private const string Record =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"access_token\":{\"id\":7}}";

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_server_sees_its_connections_closed_with_the_container(bool hasHandlers)
    {
        var closed = new TaskCompletionSource<int>();
        using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            await RawServer.WriteAsync(stream, Record, cancellationToken);
            try
            {
                closed.TrySetResult(await stream.ReadAsync(new byte[1], cancellationToken));
            }
            catch (IOException)
            {
                closed.TrySetResult(0);
            }
        });
        var disposed = new ConcurrentQueue<string>();
        var services = new ServiceCollection();
        var builder = services.AddTokenwright().AddXms(
            "lab", options => (options.BaseAddress, options.AccessToken) = (new Uri(server.Address, "v1"), new TokenSecret("secret")));
        if (hasHandlers)
            builder.Http.AddHttpMessageHandler(() => new Noting("outer", disposed))
                .AddHttpMessageHandler(() => new Noting("inner", disposed));
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredKeyedService<ITokenClient>("lab").GetAsync(TokenReference.ById("7"));
        Assert.That(closed.Task.IsCompleted, Is.False, "It is kept for the next call.");

        await provider.DisposeAsync();

        Assert.That(await closed.Task.WaitAsync(TestContext.CurrentContext.CancellationToken), Is.Zero);
        Assert.That(disposed, Is.EqualTo(hasHandlers ? ["outer", "inner"] : Array.Empty<string>()));
    }

    [TestCase(false)]
    [TestCase(true)]
    [CancelAfter(60_000)]
    public async Task A_call_in_progress_fails_when_its_client_is_disposed(bool inContainer)
    {
        var arrived = new TaskCompletionSource();
        using var server = new RawServer(async (_, _, cancellationToken) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        });
        var options =
            new XmsOptions { BaseAddress = new Uri(server.Address, "v1"), AccessToken = new TokenSecret("secret"), MaxRetries = 0 };
        var provider = new ServiceCollection().AddTokenwright().AddXms("lab", own => (own.BaseAddress, own.AccessToken, own.MaxRetries) = (
            options.BaseAddress, options.AccessToken, 0)).Services.BuildServiceProvider();
        ITokenClient client = inContainer ? provider.GetRequiredKeyedService<ITokenClient>("lab") : new XmsTokenClient("lab", options);
        var call = client.GetAsync(TokenReference.ById("7"));
        await arrived.Task;

        if (inContainer)
            await provider.DisposeAsync();
        else
            client.Dispose();

        Assert.That(
            async () => await call.WaitAsync(TestContext.CurrentContext.CancellationToken), Throws.InstanceOf<TokenClientException>());
        await provider.DisposeAsync();
    }

    private sealed class Noting(string name, ConcurrentQueue<string> disposed) : DelegatingHandler
    {
        protected override void Dispose(bool disposing)
        {
            disposed.Enqueue(name);
            base.Dispose(disposing);
        }
    }
}
