using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>
/// A typed client got a response that is not the success it was made for: an error status, or a success that it could not read.
/// Adapters turn it into a <see cref="TokenClientException"/>; callers of a typed client see it as it is.
/// </summary>
/// <remarks>
/// <see cref="Response"/> holds the body of errors only. The body of a success, its headers but for those that only describe the body, and
/// the parser's message about it are dropped: they may hold a fresh secret. In the response to an error, the secrets of the call, of its
/// connection and of its proxy are redacted.
/// </remarks>
public class ApiException : Exception
{
    /// <summary>Creates the exception; the signature is the one that generated clients call.</summary>
    /// <param name="message">What was wrong.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body as text; dropped if the status is a success.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="innerException">The cause; for a success only its place in the body is kept.</param>
    public ApiException(
        string message,
        int statusCode,
        string? response,
        IReadOnlyDictionary<string, IEnumerable<string>> headers,
        Exception? innerException)
        : base(Describe(message, statusCode, headers, innerException), IsSuccess(statusCode) ? null : innerException)
    {
        StatusCode = statusCode;
        Response = IsSuccess(statusCode) ? null : response;
        Headers = IsSuccess(statusCode) ? Harmless(headers) : headers;
    }

    private ApiException(ApiException original, SecretRedactor redactor)
        : base(redactor.Redact(original.Message), original.InnerException is { } inner ? CleanException.Of(inner, redactor) : null)
    {
        StatusCode = original.StatusCode;
        Response = original.Response is { } response ? redactor.Redact(response) : null;
        Headers = redactor.Redact(original.Headers);
        IsForeign = original.HasForeignBody;
        BodyWithoutList = original.BodyWithoutList is { } body ? redactor.Redact(body) : null;
    }

    /// <summary>Gets the HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>Gets the body of an error response, of which no more than 65,536 characters are kept; null for a success.</summary>
    public string? Response { get; }

    /// <summary>
    /// Gets the headers of the response; of a success only its <c>Content-Type</c>, where that is a common one, its <c>Content-Length</c>
    /// and its <c>Date</c>.
    /// </summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; }

    /// <summary>
    /// Gets whether it says that the secret that was sent to be checked or exchanged is wrong: a 4xx that no retry changes.
    /// </summary>
    internal bool RefusesSecret => StatusCode is >= 400 and < 500 and not 408 and not 429;

    /// <summary>Gets whether the status was a success, so that the body could not be read.</summary>
    public bool IsUnreadableSuccess => IsSuccess(StatusCode);

    /// <summary>
    /// Gets whether the body of this error is not JSON: then it was not the API that responded, but something in front of it or beside it,
    /// and its status says nothing of a token. An empty body is not foreign.
    /// </summary>
    public bool HasForeignBody => IsForeign ?? (!string.IsNullOrWhiteSpace(Response) && !IsJson(Response));

    /// <summary>
    /// Gets or initializes whether the whole body was foreign, where not all of it is in <see cref="Response"/>; null where it is.
    /// </summary>
    internal bool? IsForeign { get; init; }

    /// <summary>Creates the exception for a success that was read, but is of no use.</summary>
    /// <param name="message">What is wrong with it, without showing any of it.</param>
    public static ApiException Unreadable(string message)
        => new(message, (int)HttpStatusCode.OK, null, new Dictionary<string, IEnumerable<string>>(), null);

    /// <summary>Creates the exception for a success that lacks what it was asked for.</summary>
    /// <param name="member">The member that is missing, or that could not be read.</param>
    public static ApiException WithoutMember(string member) => Unreadable($"The response has no '{member}' that can be read.");

    /// <summary>
    /// Creates the exception for a success without the list that it was asked for. Its message shows nothing of the body; that is kept for
    /// the vendor's error reader, since some vendors say errors with a success.
    /// </summary>
    /// <param name="member">The member that holds the list; null if the whole body is one.</param>
    /// <param name="body">The body, with the secrets of the request redacted.</param>
    internal static ApiException WithoutList(string? member, string body)
        => new(member is null ? "It is not a list." : $"It has no list '{member}'.", (int)HttpStatusCode.OK, null,
            new Dictionary<string, IEnumerable<string>>(), null) { BodyWithoutList = body };

    /// <summary>Gets or initializes the body of a success that has no list where one is expected; else null.</summary>
    internal string? BodyWithoutList { get; private init; }

    /// <summary>Gets the first value of a header, by its name in any case; null if the response has none.</summary>
    /// <param name="name">The header's name.</param>
    public string? GetHeader(string name)
        => Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    /// <summary>Gets the same exception without secrets.</summary>
    /// <param name="redactor">Knows the secrets.</param>
    /// <returns>This exception if it shows none.</returns>
    internal ApiException Redact(SecretRedactor redactor)
    {
        var redacted = new ApiException(this, redactor);
        return redacted.Message == Message
            && redacted.Response == Response
            && redacted.BodyWithoutList == BodyWithoutList
            && ReferenceEquals(redacted.InnerException, InnerException)
            && Data.Count == 0
            && redacted.Headers.Keys.SequenceEqual(Headers.Keys)
            && redacted.Headers.Values.SelectMany(values => values).SequenceEqual(Headers.Values.SelectMany(values => values))
                ? this
                : redacted;
    }

    // What a success is described by, where it can be nothing else than that.
    private static Dictionary<string, IEnumerable<string>> Harmless(IReadOnlyDictionary<string, IEnumerable<string>> headers)
    {
        var harmless = new Dictionary<string, IEnumerable<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers)
        {
            if (values is not null && HarmlessValue(name, string.Join(", ", values)) is { } value)
                harmless[name] = [value];
        }

        return harmless;
    }

    private static string? HarmlessValue(string name, string value) => name.ToUpperInvariant() switch
    {
        "CONTENT-TYPE" => MediaTypeHeaderValue.TryParse(value, out var type) ? SecretRedactor.CommonTypes.FirstOrDefault(
            common => string.Equals(common, type.MediaType, StringComparison.OrdinalIgnoreCase)) : null,
        "CONTENT-LENGTH" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length.ToString(CultureInfo.InvariantCulture) : null,
        "DATE" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date.ToString("r", CultureInfo.InvariantCulture) : null,
        _ => null,
    };

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsSuccess(int statusCode) => statusCode is >= 200 and < 300;

    private static string Describe(
        string message, int statusCode, IReadOnlyDictionary<string, IEnumerable<string>> headers, Exception? innerException)
    {
        var text = $"HTTP {statusCode} ({(HttpStatusCode)statusCode}): {message}";
        if (!IsSuccess(statusCode))
            return text;
        var isTyped = headers.Any(header => string.Equals(header.Key, "Content-Type", StringComparison.OrdinalIgnoreCase));
        var contentType = Harmless(headers).GetValueOrDefault("Content-Type")?.First() ?? (isTyped ? "an unusual one" : "none");
        var place = innerException switch
        {
            JsonException json => $" At line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.",
            _ => string.Empty,
        };
        return $"{text}{place} Content type: {contentType}.";
    }
}

/// <summary>An <see cref="ApiException"/> whose error body was read into a model.</summary>
/// <typeparam name="TResult">The model.</typeparam>
public class ApiException<TResult> : ApiException
{
    /// <summary>Creates the exception; the signature is the one that generated clients call.</summary>
    /// <param name="message">What was wrong.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body as text; dropped if the status is a success.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="result">The error body, read.</param>
    /// <param name="innerException">The cause.</param>
    public ApiException(
        string message,
        int statusCode,
        string? response,
        IReadOnlyDictionary<string, IEnumerable<string>> headers,
        TResult result,
        Exception? innerException)
        : base(message, statusCode, response, headers, innerException)
        => Result = IsUnreadableSuccess ? default : result;

    /// <summary>
    /// Gets the error body, read. Null for a success that the document declares no body for: what came may hold a fresh secret.
    /// </summary>
    public TResult? Result { get; }
}
