using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Represents the permission to send the request of one attempt. A header carries its id through the handlers that a program added, even on
/// a copy of the request. The innermost <see cref="SendGuardHandler"/> removes the header.
/// </summary>
internal sealed class SendPermit : IDisposable
{
    /// <summary>The header with the id. It never leaves the process.</summary>
    public const string Header = "Tokenwright-Attempt";

    private static readonly ConcurrentDictionary<string, SendPermit> Valid = new();
    private static long _count;

    private readonly HttpRequestMessage _request;
    private readonly SentRequest _sent;
    private readonly Dictionary<SendGuardHandler, Passage> _passages = [];
    private bool _mayBeDelivered;
    private bool _earlierMayBeDelivered;

    private SendPermit(HttpRequestMessage request, SentRequest sent)
    {
        _request = request;
        _sent = sent;
        Id = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Gets the value of the header.</summary>
    public string Id { get; }

    /// <summary>Gets whether the request can be sent more than once.</summary>
    public bool MayRepeat => _sent.MayRetry;

    /// <summary>Gets whether the innermost guard passed the request to the transport.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Gets whether the request was passed on but certainly not delivered, so that the vendor can't have carried it out.</summary>
    public bool IsUndelivered => IsUsed && !_mayBeDelivered && !_earlierMayBeDelivered;

    /// <summary>Creates the permission for an attempt, and marks its request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="sent">The state of the request.</param>
    public static SendPermit Issue(HttpRequestMessage request, SentRequest sent)
    {
        var permit = new SendPermit(request, sent);
        Valid[permit.Id] = permit;
        permit.Mark(request);
        return permit;
    }

    /// <summary>Gets the permission of a request or of a copy; null if it has none, or if the attempt has ended.</summary>
    /// <param name="request">The request.</param>
    public static SendPermit? Of(HttpRequestMessage request)
        => request.Headers.NonValidated.TryGetValues(Header, out var values)
            && Valid.TryGetValue(values.ToString(), out var permit) ? permit : null;

    /// <summary>Adds the header to a request.</summary>
    /// <param name="request">The request.</param>
    public void Mark(HttpRequestMessage request)
    {
        request.Headers.Remove(Header);
        request.Headers.TryAddWithoutValidation(Header, Id);
    }

    /// <summary>Tries to let the request pass a guard.</summary>
    /// <param name="guard">The guard.</param>
    /// <param name="passage">The passage of this request, or of the earlier one that prevents it from passing.</param>
    /// <returns>Whether it passes.</returns>
    public bool TryPass(SendGuardHandler guard, out Passage passage)
    {
        lock (_passages)
        {
            if (_passages.TryGetValue(guard, out passage!) && !MayRepeat)
                return false;
            _passages[guard] = passage = new Passage();
            return true;
        }
    }

    /// <summary>Records that the innermost guard passes the request to the transport.</summary>
    public void Sending()
    {
        lock (_passages)
        {
            // The vendor may have carried out what the same attempt sent before.
            _earlierMayBeDelivered |= _mayBeDelivered;
            _sent.EarlierMayHaveArrived |= _mayBeDelivered;
            (IsUsed, _mayBeDelivered) = (true, true);
        }
    }

    /// <summary>Records that the transport couldn't deliver the last request.</summary>
    public void NotDelivered()
    {
        lock (_passages)
            _mayBeDelivered = false;
    }

    /// <summary>Ends the permission. A later copy of the request is refused.</summary>
    public void Dispose()
    {
        Valid.TryRemove(Id, out _);
        _request.Headers.Remove(Header);
    }

    /// <summary>Represents one passage of a request through a guard.</summary>
    internal sealed class Passage
    {
        private readonly TaskCompletionSource<HttpStatusCode?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Gets a task that completes with the passage. Its result is the status of the response; null if there is none.</summary>
        public Task<HttpStatusCode?> Ended => _ended.Task;

        /// <summary>Ends the passage.</summary>
        /// <param name="response">The response; null if there is none.</param>
        public void End(HttpResponseMessage? response) => _ended.TrySetResult(response?.StatusCode);
    }
}
