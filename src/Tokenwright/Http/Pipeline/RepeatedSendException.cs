using System.Net;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a handler of the program tries to repeat a request that must not be sent twice, because the vendor may
/// have carried it out the first time. Nothing of the second request was sent. Callers of <see cref="ITokenClient"/> get a
/// <see cref="TokenClientException"/> instead; callers of a typed client get this exception.
/// </summary>
public sealed class RepeatedSendException : Exception
{
    internal RepeatedSendException(string message, string handler, HttpStatusCode? firstStatus = null)
        : base(message)
    {
        Handler = handler;
        FirstStatus = firstStatus;
    }

    /// <summary>Gets the full type name of the handler that tried to repeat the request.</summary>
    public string Handler { get; }

    /// <summary>Gets the status of the response to the first request; null if there was none.</summary>
    public HttpStatusCode? FirstStatus { get; }

    internal static RepeatedSendException Again(string handler, HttpStatusCode? firstStatus) => new(
        $"The handler '{handler}' tried to send this request a second " +
            $"time{(firstStatus is { } status ? $", after the response HTTP {(int)status}" : null)}. The second request was not sent, " +
            "because the vendor may have carried out "
        + "the first one. Remove this handler from the connection's HTTP client; Tokenwright retries by itself what can be retried.",
        handler,
        firstStatus);

    internal static RepeatedSendException Unmarked(string handler) => new(
        $"The handler '{handler}' sent a request that lacks the header {SendPermit.Header}, so it can't be known whether it was sent " +
            "before. It was not sent. Let the handler keep the headers of the request, or remove it "
        + "from the connection's HTTP client.",
        handler);
}
