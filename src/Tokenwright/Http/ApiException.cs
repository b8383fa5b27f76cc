using System.Net;
using System.Text.Json;

namespace Tokenwright.Http;

/// <summary>
/// A typed client got an answer that is not the success it was made for: an error status, or a success that it could not read.
/// Adapters turn it into a <see cref="TokenClientException"/>; callers of a typed client see it as it is.
/// </summary>
/// <remarks>
/// <see cref="Response"/> holds the body of errors only. The body of a success, and the parser's message about it, are dropped: they may
/// hold a fresh secret.
/// </remarks>
public class ApiException : Exception
{
    /// <summary>Makes the exception; the signature is the one that generated clients call.</summary>
    /// <param name="message">What was wrong.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body as text; dropped if the status is a success.</param>
    /// <param name="headers">The headers of the answer.</param>
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
        Headers = headers;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The body of an error answer; null for a success.</summary>
    public string? Response { get; }

    /// <summary>The headers of the answer.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; }

    /// <summary>Whether the status was a success, so that the body could not be read.</summary>
    public bool IsUnreadableSuccess => IsSuccess(StatusCode);

    /// <summary>
    /// Whether the body of this error is not JSON: then not the API answered, but something in front of it or beside it, and its status says
    /// nothing of a token. An empty body is not foreign.
    /// </summary>
    public bool HasForeignBody => !string.IsNullOrWhiteSpace(Response) && !IsJson(Response);

    /// <summary>The exception for a success that was read, but is of no use.</summary>
    /// <param name="message">What is wrong with it, without showing any of it.</param>
    public static ApiException Unreadable(string message)
        => new(message, (int)HttpStatusCode.OK, null, new Dictionary<string, IEnumerable<string>>(), null);

    /// <summary>The exception for a success that lacks what it was asked for.</summary>
    /// <param name="member">The member that is missing, or that could not be read.</param>
    public static ApiException WithoutMember(string member) => Unreadable($"The answer has no '{member}' that can be read.");

    /// <summary>The first value of a header, by its name in any case; null if the answer has none.</summary>
    /// <param name="name">The header's name.</param>
    public string? GetHeader(string name)
        => Headers.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

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
        var contentType = headers.FirstOrDefault(header => string.Equals(header.Key, "Content-Type", StringComparison.OrdinalIgnoreCase)).Value;
        var place = innerException switch
        {
            JsonException json => $" At line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.",
            _ => string.Empty,
        };
        return $"{text}{place} Content type: {(contentType is null ? "none" : string.Join(", ", contentType))}.";
    }
}

/// <summary>An <see cref="ApiException"/> whose error body was read into a model.</summary>
/// <typeparam name="TResult">The model.</typeparam>
public class ApiException<TResult> : ApiException
{
    /// <summary>Makes the exception; the signature is the one that generated clients call.</summary>
    /// <param name="message">What was wrong.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The body as text; dropped if the status is a success.</param>
    /// <param name="headers">The headers of the answer.</param>
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

    /// <summary>The error body, read. Null for a success that the document declares no body for: what came may hold a fresh secret.</summary>
    public TResult? Result { get; }
}
