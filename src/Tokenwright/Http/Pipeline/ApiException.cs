using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a typed client gets an error status, or a success that it can't read. Adapters convert it to a
/// <see cref="TokenClientException"/>; callers of a typed client get this exception.
/// </summary>
/// <remarks>
/// <see cref="Response"/> contains only the bodies of errors. For a success, the body, the parser's message and all headers that don't
/// describe the body are dropped, because they can contain a new secret. In the response to an error, the secrets of the call, its
/// connection and its proxy are redacted.
/// </remarks>
public class ApiException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="ApiException"/> class. Generated clients call this constructor.</summary>
    /// <param name="message">The description of the failure.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body as text. It is dropped if the status is a success.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="innerException">The cause. For a success, only its position in the body is kept.</param>
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

    /// <summary>Gets the body of an error response, limited to 65,536 characters; null for a success.</summary>
    public string? Response { get; }

    /// <summary>
    /// Gets the headers of the response. For a success, these are only <c>Content-Length</c>, <c>Date</c> and, if it has a common value,
    /// <c>Content-Type</c>.
    /// </summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; }

    /// <summary>
    /// Gets whether the response says that the secret in the request is wrong: a 4xx status for which a retry doesn't help.
    /// </summary>
    internal bool RefusesSecret => StatusCode is >= 400 and < 500 and not 408 and not 429;

    /// <summary>Gets whether the status was a success, so that the failure is an unreadable body.</summary>
    public bool IsUnreadableSuccess => IsSuccess(StatusCode);

    /// <summary>
    /// Gets whether the body of this error isn't JSON. Then the response doesn't come from the API, and its status says nothing about a
    /// token. An empty body isn't foreign.
    /// </summary>
    public bool HasForeignBody => IsForeign ?? (!string.IsNullOrWhiteSpace(Response) && !IsJson(Response));

    /// <summary>
    /// Gets or initializes whether the whole body was foreign, if only a part of it is in <see cref="Response"/>; null if all of it is.
    /// </summary>
    internal bool? IsForeign { get; init; }

    /// <summary>Creates the exception for a success that was read but can't be used.</summary>
    /// <param name="message">The description of the problem, which must not show any of the response.</param>
    public static ApiException Unreadable(string message)
        => new(message, (int)HttpStatusCode.OK, null, new Dictionary<string, IEnumerable<string>>(), null);

    /// <summary>Creates the exception for a success without an expected member.</summary>
    /// <param name="member">The member that is missing or can't be read.</param>
    public static ApiException WithoutMember(string member) => Unreadable($"The response has no '{member}' that can be read.");

    /// <summary>
    /// Creates the exception for a success without the expected list. The message shows nothing of the body. The body is kept for the
    /// vendor's error reader, because some vendors report errors with a success status.
    /// </summary>
    /// <param name="member">The member with the list; null if the whole body should be a list.</param>
    /// <param name="body">The body, with the secrets of the request redacted.</param>
    internal static ApiException WithoutList(string? member, string body)
        => new(member is null ? "It is not a list." : $"It has no list '{member}'.", (int)HttpStatusCode.OK, null,
            new Dictionary<string, IEnumerable<string>>(), null) { BodyWithoutList = body };

    /// <summary>Gets or initializes the body of a success without the expected list; null in all other cases.</summary>
    internal string? BodyWithoutList { get; private init; }

    /// <summary>Gets the first value of a header, ignoring case; null if the response doesn't have it.</summary>
    /// <param name="name">The header's name.</param>
    public string? GetHeader(string name)
        => Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    /// <summary>Gets this exception without secrets.</summary>
    /// <param name="redactor">The redactor with the secrets.</param>
    /// <returns>This exception if it shows no secrets; otherwise a new one.</returns>
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

    // These headers describe a success, and their values can't contain anything else.
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

/// <summary>Represents an <see cref="ApiException"/> whose error body was read into a model.</summary>
/// <typeparam name="TResult">The type of the model.</typeparam>
public class ApiException<TResult> : ApiException
{
    /// <summary>
    /// Initializes a new instance of the <see cref="ApiException{TResult}"/> class. Generated clients call this constructor.
    /// </summary>
    /// <param name="message">The description of the failure.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body as text. It is dropped if the status is a success.</param>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="result">The model of the error body.</param>
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
    /// Gets the model of the error body; null for a success for which the spec declares no body, because that body can contain a new
    /// secret.
    /// </summary>
    public TResult? Result { get; }
}
