using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text.Json;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>
/// Removes secrets from exceptions. All exceptions that leave a call pass through it, so that none has a secret in its message, its data or
/// its causes. An exception without secrets is returned unchanged. Another one is replaced: by one of the same type, error code and status
/// if the type is known, otherwise by a <see cref="RedactedException"/>.
/// </summary>
/// <remarks>
/// The framework's messages about unreadable responses quote the response, and a success can contain a secret that isn't known yet. These
/// messages are always replaced with fixed texts.
/// </remarks>
internal static class CleanException
{
    // This is deeper than any useful chain of causes.
    private const int Deepest = 16;

    private static readonly ConditionalWeakTable<Exception, object> Clean = [];

    /// <summary>Marks an exception that has no secret in its text and causes, so that it is returned unchanged later.</summary>
    /// <typeparam name="T">The type of the exception.</typeparam>
    /// <param name="exception">The exception.</param>
    public static T Own<T>(T exception)
        where T : Exception
    {
        Clean.AddOrUpdate(exception, exception.GetType());
        return exception;
    }

    /// <summary>Gets an exception without secrets.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="redactor">The redactor with the secrets.</param>
    /// <returns>The same exception if it shows no secrets.</returns>
    public static Exception Of(Exception exception, SecretRedactor redactor) => Guarded(exception, redactor);

    /// <summary>
    /// Gets an exception from the reading of a response. Its text is dropped, because it can quote the response, which may contain a new
    /// secret.
    /// </summary>
    /// <param name="exception">The exception.</param>
    public static Exception OfResponse(Exception exception) => Guarded(exception, null);

    // The call ends with an exception even if a program's own exception throws when it is examined.
    private static Exception Guarded(Exception exception, SecretRedactor? redactor)
    {
        try
        {
            return Of(exception, redactor, 0);
        }
        catch (Exception)
        {
            return Own(new RedactedException(NameOf(exception), null));
        }
    }

    // Without a redactor, no text is kept.
    private static Exception Of(Exception exception, SecretRedactor? redactor, int depth)
    {
        if (Clean.TryGetValue(exception, out _))
            return exception;
        if (depth == Deepest)
            return Own(new RedactedException(NameOf(exception), null));

        // The cause of a failure also quotes a response that isn't HTTP.
        var ofCause = exception is HttpRequestException { HttpRequestError: var error } && QuotesResponse(error) ? null : redactor;
        var inner = exception.InnerException is { } cause ? Of(cause, ofCause, depth + 1) : null;
        var isAsItWas = ReferenceEquals(inner, exception.InnerException) && exception.Data.Count == 0 && exception.HelpLink is null;
        switch (exception)
        {
            // Their text comes from this SDK, or was redacted when they were created.
            case TokenClientException or RateLimitException or RepeatedSendException:
                return exception;
            case CredentialExchangeException exchange:
                return isAsItWas ? exception : Own(new CredentialExchangeException(inner!) { Advice = exchange.Advice });
            case ApiException api:
                return redactor is null ? api : api.Redact(redactor);
            case AggregateException several:
                return OfSeveral(several, redactor, depth);
        }

        var message = MessageOf(exception, redactor);
        if (isAsItWas && redactor is not null
            && message == TextOf(exception, static shown => shown.Message) && IsClean(exception, redactor))
            return exception;
        return Own<Exception>(exception switch
        {
            HttpRequestException http => new HttpRequestException(http.HttpRequestError, message, inner, http.StatusCode),
            HttpProtocolException protocol => new HttpProtocolException(protocol.ErrorCode, message!, inner),
            HttpIOException http => new HttpIOException(http.HttpRequestError, message, inner),
            SocketException socket => message is null
                ? new SocketException((int)socket.SocketErrorCode) : new SocketException((int)socket.SocketErrorCode, message),
            AuthenticationException when message is not null => new AuthenticationException(message, inner),
            JsonException json => new JsonException(message, path: null, json.LineNumber, json.BytePositionInLine, inner),
            TaskCanceledException cancelled => new TaskCanceledException(message, inner, cancelled.CancellationToken),
            OperationCanceledException cancelled => new OperationCanceledException(message, inner, cancelled.CancellationToken),
            TimeoutRejectedException timeout when message is not null => new TimeoutRejectedException(message, timeout.Timeout, inner!),
            TimeoutException => new TimeoutException(message, inner),
            SecretSourceException source when message is not null => new SecretSourceException(message, inner),
            IOException => new IOException(message, inner),
            ObjectDisposedException when message is not null => new ObjectDisposedException(message, inner),
            ArgumentException when message is not null => new ArgumentException(message, inner),
            _ => new RedactedException(NameOf(exception), message, inner),
        });
    }

    private static AggregateException OfSeveral(AggregateException several, SecretRedactor? redactor, int depth)
    {
        // The message is built from those of the causes.
        Exception[] inner = [.. several.InnerExceptions.Select(cause => Of(cause, redactor, depth + 1))];
        return several.GetType() == typeof(AggregateException) && several.Data.Count == 0
            && inner.SequenceEqual(several.InnerExceptions, ReferenceEqualityComparer.Instance)
                && redactor is not null && IsClean(several, redactor)
            ? several
            : Own(new AggregateException("Several errors occurred.", inner));
    }

    // Returns null if the message must be left out.
    private static string? MessageOf(Exception exception, SecretRedactor? redactor) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } proxy => ProxyRefusal.Of(proxy).ToString(),
        HttpRequestException { StatusCode: { } status } => $"The response has the status {(int)status}.",
        HttpRequestException { HttpRequestError: var error } when redactor is null || QuotesResponse(error) => Words(error),
        HttpIOException { HttpRequestError: var error } => Words(error),
        JsonException => "The JSON can't be read.",
        OperationCanceledException when redactor is null => "The operation was canceled.",
        IOException when redactor is null => "The connection broke while the response was read.",
        _ when redactor is null
            || exception.GetType().Assembly == typeof(HttpClient).Assembly && exception is not HttpRequestException => null,
        _ => TextOf(exception, static shown => shown.Message) is { } text ? redactor.Redact(text) : null,
    };

    private static bool QuotesResponse(HttpRequestError error) => error is not (
        HttpRequestError.Unknown or HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);

    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.InvalidResponse => "The response is not valid HTTP.",
        HttpRequestError.ResponseEnded => "The response ended before it was complete.",
        HttpRequestError.HttpProtocolError => "The server broke the rules of HTTP/2 or HTTP/3.",
        HttpRequestError.ExtendedConnectNotSupported
            or HttpRequestError.VersionNegotiationError => "The server doesn't support the requested version of HTTP.",
        HttpRequestError.UserAuthenticationError => "The authentication failed.",
        HttpRequestError.ConfigurationLimitExceeded => "The response is larger than the transport's limits allow.",
        _ => "The response could not be read.",
    };

    // Checks the text that an exception prints besides its message. Properties that a program's own exception doesn't print are the
    // program's responsibility.
    private static bool IsClean(Exception exception, SecretRedactor redactor)
    {
        if (TextOf(exception, static shown => shown.ToString()) is not { } text)
            return false;

        // Names of types and methods aren't secrets, and the causes were checked before.
        foreach (var known in new[] { exception.InnerException?.ToString(), exception.StackTrace, NameOf(exception) })
            text = string.IsNullOrEmpty(known) ? text : text.Replace(known, string.Empty, StringComparison.Ordinal);
        return ReferenceEquals(redactor.Redact(text), text);
    }

    // A program's own exception can throw when it is printed.
    private static string? TextOf(Exception exception, Func<Exception, string> read)
    {
        try
        {
            return read(exception);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static string NameOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;
}
