using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Text.Json;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>
/// The one gate for exceptions: what leaves a call holds no secret in its message, its data, or its causes at any depth. An exception that
/// shows none goes through as it is. Another one is made anew, of the same type where that is known, with its error code and status, and
/// else stands as a <see cref="RedactedException"/>.
/// </summary>
/// <remarks>
/// The framework's messages about responses that it can't read quote them, and a success may hold a secret that nobody knows yet. So they
/// are never shown: fixed words say what went wrong.
/// </remarks>
internal static class CleanException
{
    // Deeper than any chain of causes that helps to understand a failure.
    private const int Deepest = 16;

    private static readonly ConditionalWeakTable<Exception, object> Clean = [];

    /// <summary>Takes an exception whose text and causes hold no secret, so that it goes through the gate as it is.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="exception">The exception.</param>
    public static T Own<T>(T exception)
        where T : Exception
    {
        Clean.AddOrUpdate(exception, exception.GetType());
        return exception;
    }

    /// <summary>Gets an exception without secrets.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="redactor">Knows the secrets.</param>
    /// <returns>The same exception if it shows none.</returns>
    public static Exception Of(Exception exception, SecretRedactor redactor) => Guarded(exception, redactor);

    /// <summary>
    /// Gets an exception from the reading of a response. None of its text is kept: it may quote the response, which may hold a fresh
    /// secret.
    /// </summary>
    /// <param name="exception">The exception.</param>
    public static Exception OfResponse(Exception exception) => Guarded(exception, null);

    // Whatever a program's own exception does when it is looked at, the call ends with one.
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

        // A response that is not HTTP is quoted by what caused the failure, too.
        var ofCause = exception is HttpRequestException { HttpRequestError: var error } && QuotesResponse(error) ? null : redactor;
        var inner = exception.InnerException is { } cause ? Of(cause, ofCause, depth + 1) : null;
        var isAsItWas = ReferenceEquals(inner, exception.InnerException) && exception.Data.Count == 0 && exception.HelpLink is null;
        switch (exception)
        {
            // Their words are the SDK's own, or went through the gate when they were made.
            case TokenClientException or RateLimitException or RepeatedSendException:
                return exception;
            case CredentialExchangeException:
                return isAsItWas ? exception : Own(new CredentialExchangeException(inner!));
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
        // Its message is put together from those of its causes.
        Exception[] inner = [.. several.InnerExceptions.Select(cause => Of(cause, redactor, depth + 1))];
        return several.GetType() == typeof(AggregateException) && several.Data.Count == 0
            && inner.SequenceEqual(several.InnerExceptions, ReferenceEqualityComparer.Instance)
                && redactor is not null && IsClean(several, redactor)
            ? several
            : Own(new AggregateException("Several errors occurred.", inner));
    }

    // Null if it is to be left out.
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
        HttpRequestError.ResponseEnded => "The response ended before it was whole.",
        HttpRequestError.HttpProtocolError => "The server broke the rules of HTTP/2 or HTTP/3.",
        HttpRequestError.ExtendedConnectNotSupported
            or HttpRequestError.VersionNegotiationError => "The server doesn't take the version of HTTP that was asked for.",
        HttpRequestError.UserAuthenticationError => "The authentication failed.",
        HttpRequestError.ConfigurationLimitExceeded => "The response is larger than the transport's limits allow.",
        _ => "The response could not be read.",
    };

    // What it prints beside its message. A type of the program's own can have properties that it doesn't print; those are the program's.
    private static bool IsClean(Exception exception, SecretRedactor redactor)
    {
        if (TextOf(exception, static shown => shown.ToString()) is not { } text)
            return false;

        // Names of types and methods are not secrets, and causes were looked at before.
        foreach (var known in new[] { exception.InnerException?.ToString(), exception.StackTrace, NameOf(exception) })
            text = string.IsNullOrEmpty(known) ? text : text.Replace(known, string.Empty, StringComparison.Ordinal);
        return ReferenceEquals(redactor.Redact(text), text);
    }

    // An exception of a program's own can fail to print itself.
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
