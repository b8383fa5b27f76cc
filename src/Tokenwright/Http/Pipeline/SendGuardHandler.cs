namespace Tokenwright.Http;

/// <summary>
/// Prevents a request from being sent twice if that could do harm. A guard is below each handler that a program added, and around the
/// program's transport. It passes the request of one attempt once. It refuses a second one, even a copy, and its exception names the
/// handler above.
/// </summary>
internal sealed class SendGuardHandler : DelegatingHandler
{
    private readonly string _above;
    private readonly bool _isInnermost;

    private SendGuardHandler(HttpMessageHandler above, HttpMessageHandler inner)
        : base(inner)
    {
        _above = NameOf(above);
        _isInnermost = inner is not DelegatingHandler;
    }

    /// <summary>Inserts guards between the handlers of a transport.</summary>
    /// <param name="transport">The transport of a program or its container.</param>
    /// <returns>How the transport must be guarded.</returns>
    /// <exception cref="ArgumentException">
    /// A handler has no inner handler, or was used before, so that no guard can be inserted below it.
    /// </exception>
    public static SendGuardKind Guard(HttpMessageHandler transport)
    {
        var isGuarded = false;
        var current = transport;
        for (; current is DelegatingHandler handler; current = handler.InnerHandler!)
        {
            if (handler.InnerHandler is not { } inner)
                throw new ArgumentException($"The handler '{NameOf(handler)}' of the transport has no inner handler.", nameof(transport));
            isGuarded |= handler is SendGuardHandler;
            if (handler is not SendGuardHandler && inner is not SendGuardHandler && !IsHandlerOfFactory(handler))
                Insert(handler, inner);
        }

        // A custom transport can repeat requests in ways that aren't visible here, so it gets a guard too. Without a program's handlers, no
        // other handler can send a copy of the request.
        if (IsTransportOfFramework(current))
            return isGuarded ? SendGuardKind.Permits : SendGuardKind.None;
        return isGuarded ? SendGuardKind.Permits : SendGuardKind.Content;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (SendPermit.Of(request) is not { } permit)
        {
            // This is a handler's own request, for example to fetch something. It may pass if repeating it does no harm.
            return SentRequest.IsIdempotent(request.Method)
                ? await base.SendAsync(request, cancellationToken).ConfigureAwait(false)
                : throw RepeatedSendException.Unmarked(_above);
        }

        if (!permit.TryPass(this, out var passage))
        {
            // Waits for the first request before refusing this one. If both are in progress, the first response matters more.
            throw RepeatedSendException.Again(_above, await passage.Ended.WaitAsync(cancellationToken).ConfigureAwait(false));
        }

        HttpResponseMessage? response = null;
        try
        {
            return response = _isInnermost
                ? await SendToTransportAsync(request, permit, cancellationToken).ConfigureAwait(false)
                : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            passage.End(response);
        }
    }

    private async Task<HttpResponseMessage> SendToTransportAsync(
        HttpRequestMessage request, SendPermit permit, CancellationToken cancellationToken)
    {
        var content = request.Content;
        if (content is not null && !permit.MayRepeat && !IsTransportOfFramework(InnerHandler!))
            request.Content = new OneSendContent(content, NameOf(InnerHandler!));
        request.Headers.Remove(SendPermit.Header);
        permit.Sending();
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (HttpFailures.IsNotSent(failure))
                permit.NotDelivered();
            throw;
        }
        finally
        {
            // The permit is marked again, so that a second send of the same request, or of a copy, is recognized.
            permit.Mark(request);
            request.Content = content;
        }
    }

    private static void Insert(DelegatingHandler transport, HttpMessageHandler inner)
    {
        try
        {
            transport.InnerHandler = new SendGuardHandler(transport, inner);
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentException(
                $"The handler '{NameOf(transport)}' sent requests before, so it can't be kept from sending one twice. Give the " +
                    "connection a transport of its own.", nameof(transport), exception);
        }
    }

    // This handler of HttpClientFactory only tracks the lifetime of the handlers below it.
    private static bool IsHandlerOfFactory(DelegatingHandler handler)
        => handler.GetType().FullName == "Microsoft.Extensions.Http.LifetimeTrackingHttpMessageHandler";

    private static bool IsTransportOfFramework(HttpMessageHandler handler)
        => handler.GetType() == typeof(SocketsHttpHandler) || handler.GetType() == typeof(HttpClientHandler);

    /// <summary>Gets the name of a handler for messages.</summary>
    /// <param name="handler">The handler.</param>
    public static string NameOf(HttpMessageHandler handler) => handler.GetType().FullName ?? handler.GetType().Name;
}
