namespace Tokenwright.Http;

/// <summary>
/// Stands below each handler that a program added, and around the program's transport. It lets the request of one attempt pass once; a
/// second one, copied or not, that must not be sent twice is refused, and the handler above is named.
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

    /// <summary>Puts guards between the handlers of a transport that sends on what another one gives it.</summary>
    /// <param name="transport">The transport that a program or its container brings.</param>
    /// <param name="guarded">The transport to send with.</param>
    /// <returns>Whether there is a guard: without handlers of a program there is none.</returns>
    /// <exception cref="ArgumentException">A handler has no inner one, or was used before, so that no guard can be put below
    /// it.</exception>
    public static bool Guard(HttpMessageHandler transport, out HttpMessageHandler guarded)
    {
        guarded = transport;
        var isGuarded = false;
        DelegatingHandler? last = null;
        var current = transport;
        for (; current is DelegatingHandler handler; current = handler.InnerHandler!)
        {
            if (handler.InnerHandler is not { } inner)
                throw new ArgumentException($"The handler '{NameOf(handler)}' of the transport has no inner handler.", nameof(transport));
            last = handler;
            isGuarded |= handler is SendGuardHandler;
            if (handler is not SendGuardHandler && inner is not SendGuardHandler && !IsHandlerOfFactory(handler))
                Insert(handler, inner);
        }

        // A transport of the program's own may send on in ways that can't be seen from here.
        if (isGuarded || IsTransportOfFramework(current))
            return isGuarded;
        if (last is null)
            guarded = new SendGuardHandler(current, current);
        else
            Insert(last, current);
        return true;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (SendPermit.Of(request) is not { } permit)
        {
            // A handler's own request, for example one that fetches something: as long as it can do no harm.
            return SentRequest.IsIdempotent(request.Method)
                ? await base.SendAsync(request, cancellationToken).ConfigureAwait(false)
                : throw RepeatedSendException.Unmarked(_above);
        }

        if (!permit.TryPass(this, out var passage))
        {
            // The first one is let end: where both are under way side by side, its response is worth more than this refusal.
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
            // A handler that sends the same request once more, or a copy of it, is still recognized.
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

    // It only counts how long the handlers below them are used.
    private static bool IsHandlerOfFactory(DelegatingHandler handler)
        => handler.GetType().FullName == "Microsoft.Extensions.Http.LifetimeTrackingHttpMessageHandler";

    private static bool IsTransportOfFramework(HttpMessageHandler handler)
        => handler.GetType() == typeof(SocketsHttpHandler) || handler.GetType() == typeof(HttpClientHandler);

    private static string NameOf(HttpMessageHandler handler) => handler.GetType().FullName ?? handler.GetType().Name;
}
