using System.Globalization;
using System.Net;
using System.Text.Json;
using Polly;
using Polly.Timeout;
using Tokenwright.Adapters;

namespace Tokenwright.Http;

/// <summary>Converts any exception of a call to a <see cref="TokenClientException"/>.</summary>
internal sealed class FailureTranslator(VendorConnection connection, Func<JsonElement, VendorError> readError)
{
    private const int LongestVendorMessage = 500;

    /// <summary>Converts an exception. This method never throws. It also converts unknown exceptions and its own failures.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="operation">The operation that failed.</param>
    /// <param name="reference">The token of the operation; null if there is none.</param>
    /// <param name="secrets">Returns the secrets that an error body can repeat, which are redacted.</param>
    /// <param name="attempts">The number of times that the request was sent.</param>
    /// <returns>The exception to throw.</returns>
    public TokenClientException Translate(Exception exception, TokenOperation operation, TokenReference? reference,
        Func<IReadOnlyList<TokenSecret>> secrets, int attempts = 1)
    {
        if (exception is TokenClientException translated)
            return translated;
        var failure = new TokenFailure { Vendor = connection.Vendor, Connection = connection.Name, Operation = operation };
        try
        {
            var known = secrets();
            return Translate(
                CleanException.Of(exception, new SecretRedactor(known)), failure, reference, known,
                attempts > 1 ? $" Tried {attempts.ToString(CultureInfo.InvariantCulture)} times." : string.Empty);
        }
        catch (Exception second)
        {
            // The texts of both exceptions are left out, because they couldn't be redacted.
            return new TokenClientException(
                Sentence(failure,
                    $"The call failed ({exception.GetType().FullName}), and what was known of the failure could not be read " +
                    $"({second.GetType().FullName})."), failure);
        }
    }

    private TokenClientException Translate(Exception exception, TokenFailure failure, TokenReference? reference,
        IReadOnlyList<TokenSecret> secrets, string tried) => exception switch
    {
        CredentialExchangeException { InnerException: { } cause } exchange => Exchange(cause, exchange.Advice, failure, secrets, tried),
        ApiException { BodyWithoutList: not null } api => WithoutList(api, failure, secrets),
        ApiException { IsUnreadableSuccess: true } api => new TokenInvalidResponseException(
            Sentence(failure, $"The response can't be read. {SecretRedactor.Redact(api.Message, secrets)}"),
            failure with { Status = (HttpStatusCode)api.StatusCode }),
        ApiException api => OfResponse(api, failure, reference, secrets, tried),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } proxy => new TokenServiceUnavailableException(
            Sentence(failure, $"{connection.BaseAddress.Authority} could not be reached. {proxy.Message}" +
                $"{TransportAdvice.OfProxy(proxy.StatusCode, connection.TransportOptions)}{tried}"),
            failure with { IsTransient = HttpFailures.IsTransient(proxy) }, proxy),
        HttpRequestException { StatusCode: not null } broken => new TokenInvalidResponseException(
            Sentence(failure, broken.Message + tried),
            failure with { Status = broken.StatusCode, IsTransient = HttpFailures.IsTransient(broken) },
            broken),
        HttpRequestException network => new TokenServiceUnavailableException(
            Sentence(failure, $"{Unnamed(network.Message)} could not be reached: {Reason(network)}{tried}"),
            failure with { IsTransient = HttpFailures.IsTransient(network) }, network),
        SecretSourceException source => new TokenAuthenticationException(Sentence(failure, source.Message), failure, source),
        RateLimitException limited => new TokenRateLimitedException(
            Sentence(failure, limited.Message), failure with { RetryAfter = limited.RetryAfter, IsTransient = true }, limited),
        TimeoutRejectedException timeout => new TokenServiceUnavailableException(
            Sentence(failure,
                $"{connection.BaseAddress.Authority} gave no complete response within " +
                $"{timeout.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.{tried}"),
            failure with { IsTransient = true },
            timeout),
        RepeatedSendException repeated => new TokenServiceUnavailableException(
            Sentence(failure, repeated.Message), failure with { Status = repeated.FirstStatus }, repeated),

        // A handler of the program, such as a circuit breaker or a rate limiter, rejected the call.
        ExecutionRejectedException rejected => new TokenServiceUnavailableException(
            Sentence(failure, $"A handler of the program rejected the call. {rejected.Message}"), failure with { IsTransient = true },
            rejected),
        ObjectDisposedException disposed => new TokenClientException(
            Sentence(failure, $"The client or its transport was disposed during the call.{tried}"), failure, disposed),
        OperationCanceledException cancelled => new TokenServiceUnavailableException(
            Sentence(failure, $"The call was cancelled, but not by its caller: the transport or a handler of the program gave up.{tried}"),
            failure with { IsTransient = true }, cancelled),
        _ => new TokenClientException(
            Sentence(failure,
                "The call failed unexpectedly: " +
                $"{(exception is RedactedException ? null : $"{exception.GetType().FullName}: ")}{exception.Message}{tried}"),
                failure with { IsTransient = HttpFailures.IsTransient(exception) }, exception),
    };

    /// <summary>
    /// Creates the exception for a token that an adapter found to be missing, in a list or from a response in the vendor's own form.
    /// </summary>
    public TokenNotFoundException NotFound(
        TokenOperation operation, TokenReference reference, string detail, ApiException? response, IReadOnlyList<TokenSecret> secrets)
    {
        var failure = new TokenFailure { Vendor = connection.Vendor, Connection = connection.Name, Operation = operation };
        if (response is null)
            return new TokenNotFoundException(Sentence(failure, $"There is no token with {reference}. {detail}"), failure);
        var error = Read(response, secrets);
        return new TokenNotFoundException(
            Sentence(failure, $"There is no token with {reference}. {detail} {Said(response, error)}"), Filled(failure, response, error));
    }

    /// <summary>Gets the content of an error response, with secrets redacted and the message shortened.</summary>
    public VendorError Read(ApiException api, IReadOnlyList<TokenSecret> secrets)
    {
        var error = api.IsUnreadableSuccess ? VendorError.OfSuccess(api, readError) : VendorError.Of(api, readError);
        var redactor = new SecretRedactor(secrets);
        return new VendorError
        {
            Code = Redacted(error.Code),
            Message = Redacted(error.Message),
            RequestId = Redacted(error.RequestId),
            Problems = [.. error.Problems.Select(
                problem => new TokenRequestProblem(Redacted(problem.Field), Redacted(problem.Message) ?? string.Empty))],
        };

        string? Redacted(string? text) => text is null ? null : redactor.Redact(text, LongestVendorMessage);
    }

    // The status is a success, but the body without a list can be the vendor's error.
    private TokenInvalidResponseException WithoutList(ApiException api, TokenFailure failure, IReadOnlyList<TokenSecret> secrets)
    {
        var error = Read(api, secrets);
        var said = error.Code is null && error.Message is null ? string.Empty : $" It is an error {Said(api, error)}.";
        return new(Sentence(failure, $"The response can't be read. {api.Message}{said}"), Filled(failure, api, error));
    }

    // A refused exchange means a refused credential, whatever status the vendor's token endpoint returned.
    private TokenClientException Exchange(
        Exception cause, string? advice, TokenFailure failure, IReadOnlyList<TokenSecret> secrets, string tried)
    {
        if (cause is not ApiException { RefusesSecret: true } api)
            return cause as TokenClientException ?? Translate(cause, failure, null, secrets, tried);
        var error = Read(api, secrets);
        return new TokenAuthenticationException(
            Sentence(failure, "The vendor refused to exchange the connection's credential. " +
                $"{advice ?? "Check its id and secret."} {Said(api, error)}"),
            Filled(failure, api, error));
    }

    private TokenClientException OfResponse(
        ApiException api, TokenFailure failure, TokenReference? reference, IReadOnlyList<TokenSecret> secrets, string tried)
    {
        var error = Read(api, secrets);
        failure = Filled(failure, api, error);
        string Text(string meaning) => Sentence(failure, $"{meaning} {Said(api, error)}{tried}");
        return api.StatusCode switch
        {
            400 or 405 or 406 or 411 or 413 or 414 or 415 or 422 =>
                new TokenInvalidRequestException(Text("The vendor refused the request as wrong."), failure) { Problems = error.Problems },
            401 => new TokenAuthenticationException(Text("The vendor refused the credential: it is wrong, expired or revoked."), failure),
            403 when api.HasForeignBody => new TokenPermissionException(
                Text("Something in front of the API refused the request: a firewall, a proxy or a gateway."), failure),
            403 => new TokenPermissionException(Text("The credential may not do this: a scope, role or right is missing."), failure),
            404 or 410 when reference is not null && !api.HasForeignBody =>
                new TokenNotFoundException(Text($"The vendor has no token with {reference}, or doesn't show it to this caller."), failure),
            404 or 410 => new TokenClientException(
                Text($"There is nothing at this address. Is the base address {connection.BaseAddress} right?"), failure),
            407 => new TokenServiceUnavailableException(
                Text("The proxy requires a user and a password." +
                    TransportAdvice.OfProxy(HttpStatusCode.ProxyAuthenticationRequired, connection.TransportOptions)), failure),
            409 => new TokenConflictException(Text("The request conflicts with an existing object."), failure),
            429 => new TokenRateLimitedException(
                Text($"The vendor accepts no more calls for now{(Asked(api) is { } asked ? $" ({asked})" : null)}."), failure),
            408 or >= 500 => new TokenServiceUnavailableException(Text("The vendor's service failed."), failure),
            >= 300 and < 400 => new TokenClientException(
                Text($"The response points elsewhere{SecretRedactor.Redact(Origin(api), secrets)}; redirects are not followed, so that " +
                    $"the credential stays here. Is the base address {connection.BaseAddress} right?"), failure),
            _ => new TokenClientException(Text("The vendor refused the request."), failure),
        };
    }

    // The framework's message about a failed handshake only points to its cause.
    private string Reason(HttpRequestException network)
    {
        var reason = network is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } cause }
            ? $"no secure connection could be established. {cause.GetBaseException().Message}" : network.Message;
        var advice = TransportAdvice.OfCertificates(network, connection.TransportOptions);
        return advice.Length == 0 ? reason : $"{reason.TrimEnd('.')}.{advice}";
    }

    // Most messages about network failures already contain the host.
    private string Unnamed(string message)
        => message.Contains(connection.BaseAddress.Authority, StringComparison.OrdinalIgnoreCase)
            ? "The vendor" : connection.BaseAddress.Authority;

    private TokenFailure Filled(TokenFailure failure, ApiException api, VendorError error) => failure with
    {
        Status = (HttpStatusCode)api.StatusCode,
        VendorErrorCode = error.Code,
        VendorMessage = error.Message,
        VendorRequestId = error.RequestId,
        RetryAfter = Asked(api)?.Wait,
        IsTransient = HttpFailures.IsTransient(api.StatusCode),
    };

    private RetryAfter? Asked(ApiException api)
        => RetryAfter.Read(api.GetHeader, api.StatusCode, connection.TimeProvider.GetUtcNow(), connection.MaxRetryAfter);

    public static string Sentence(TokenFailure failure, string text)
        => $"{failure.Vendor} connection '{failure.Connection}', {TokenwrightTelemetry.WordsOf(failure.Operation)}: {text}".TrimEnd();

    private static string Said(ApiException api, VendorError error)
    {
        var parts = new[] { $"HTTP {api.StatusCode}", error.Code, error.Message is null ? null : $"\"{error.Message}\"",
            error.RequestId is null ? null : $"request id {error.RequestId}" };
        return $"({string.Join(", ", parts.Where(part => part is not null))})";
    }

    // Shows only the origin of a redirect, because the rest of the address, including the user before the host, can contain secrets. A path
    // without a host doesn't lead to another server.
    private static string Origin(ApiException api)
    {
        // A host with a redacted secret isn't valid any more, so the address isn't parsed as a URI.
        if (api.GetHeader("Location")?.Split("://", 2) is not [("http" or "https") and var scheme, var rest])
            return string.Empty;
        var authority = rest.Split('/', '?', '#', '\\')[0];
        return $" ({scheme}://{authority[(authority.LastIndexOf('@') + 1)..]})";
    }
}
