using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokenwright.FuzzTests.Mutation;

namespace Tokenwright.FuzzTests;

/// <summary>One input: a call and the responses to it. It is created from a seed, or read from a file.</summary>
internal sealed class FuzzCase
{
    private const int MostResponses = 20;
    private const int MostRequests = 2000;
    private static readonly JsonSerializerOptions Writing =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FuzzTarget _target;
    private readonly FuzzSettings _settings;
    private readonly bool _isWire;
    private readonly bool _isWhole;
    private readonly Func<FuzzCase, CorpusOperation, FuzzResponse> _next;
    private readonly List<FuzzResponse> _given = [];

    // After so many requests, the last two responses alternate. A server must not be able to keep a call running for ever.
    private readonly int _mostResponses;
    private int _requests;
    private string? _wrongRequest;

    private FuzzCase(FuzzTarget target, FuzzSettings settings, bool isWire, bool isWhole, int mostResponses,
        Func<FuzzCase, CorpusOperation, FuzzResponse> next)
    {
        _target = target;
        _settings = settings;
        _isWire = isWire;
        _isWhole = isWhole;
        _mostResponses = mostResponses;
        _next = next;
    }

    /// <summary>Gets the call.</summary>
    public FuzzTarget Target => _target;

    /// <summary>Creates the input of a seed.</summary>
    public static FuzzCase Of(int seed)
    {
        var random = new Random(seed);
        var target = FuzzTarget.All[random.Next(FuzzTarget.All.Count)];
        var settings = new FuzzSettings(random.Next(8) == 0 ? 3 : 0, random.Next(20) == 0 ? 200 : 16 * 1024 * 1024);
        var isWire = random.Next(8) == 0;

        // Creating the text of an exception would take most of the time. Besides messages, it only adds names of methods, unless the type
        // overrides ToString.
        return new FuzzCase(target, settings, isWire, isWhole: random.Next(16) == 0,
            random.Next(4) == 0 ? random.Next(1, 5) : MostResponses, (self, operation) => self.Generate(random, operation));
    }

    /// <summary>Reads the input from a file that <see cref="ToString"/> wrote.</summary>
    public static FuzzCase Parse(string json)
    {
        var stored = JsonSerializer.Deserialize<Stored>(json)!;
        var responses = stored.Responses.Select(response => response.ToResponse()).ToList();
        return new FuzzCase(
            FuzzTarget.All.Single(target => target.Name == stored.Target),
            new FuzzSettings(stored.MaxRetries, stored.MaxResponseBytes),
            stored.IsWire,
            isWhole: true,
            responses.Count,
            (self, _) => responses[self._given.Count]);
    }

    /// <summary>Runs the call, and returns what is wrong with its result; null if nothing is.</summary>
    public async Task<string?> RunAsync()
    {
        var clock = new FuzzClock();
        using var transport = _isWire ? WireTransport.Create((method, path) => Response(method, path).Body) : new CannedTransport(Response);
        using var client = _target.Connection.Open(new() { Transport = transport, TimeProvider = clock }, _settings);
        try
        {
            await _target.Call(client).ConfigureAwait(false);
            return _wrongRequest;
        }
        catch (Exception exception)
        {
            return _wrongRequest ?? Fault(exception);
        }
        finally
        {
            // Advances past every requested wait, so that rate limiters keep no state.
            clock.Advance(TimeSpan.FromDays(100 * 365));
        }
    }

    /// <summary>Returns the input as the text of a file in the folder Regressions, with the responses so far.</summary>
    public override string ToString()
        => JsonSerializer.Serialize(new Stored(
            _target.Name, _settings.MaxRetries, _settings.MaxResponseBytes, _isWire, [.. _given.Select(StoredResponse.Of)]), Writing);

    private FuzzResponse Response(string method, string path)
    {
        var operation = Corpus.OperationOf(_target.Connection, method, path);
        if (operation is null || ++_requests > MostRequests)
        {
            // Recorded here too, because the connection may wrap the exception.
            _wrongRequest = operation is null ? $"No operation of {_target.Connection.Vendor}'s spec takes {method} {path}."
                : $"The call sent more than {MostRequests} requests.";
            throw new InvalidOperationException(_wrongRequest);
        }

        if (_given.Count == _mostResponses)
            return _given[^(1 + Math.Min(_requests % 2, _given.Count - 1))];
        var response = _next(this, operation);
        _given.Add(response);
        return response;
    }

    private FuzzResponse Generate(Random random, CorpusOperation operation)
    {
        var isSubject = operation == _target.Operation;
        var successes = operation.Responses.Where(response => response.IsSuccess).ToList();

        // If a call needs several responses, most of them must be valid. Otherwise, the rest is never requested.
        var responses = isSubject || random.Next(4) == 0 ? operation.Responses : successes;
        var start = responses[random.Next(responses.Count)];
        var untouched = isSubject ? 2 : _target.IsTyped ? 80 : 35;
        var response = random.Next(100) < untouched ? new FuzzResponse(start.Status, start.Headers, Encoding.UTF8.GetBytes(start.Body))
            : ResponseMutator.Mutate(random, start, _target);
        return _isWire ? Wire(random, response) : response;
    }

    // The response is converted to the bytes on the wire. Sometimes these are damaged too.
    private static FuzzResponse Wire(Random random, FuzzResponse response)
    {
        if (random.Next(4) == 0)
            response = Compressed(random, response);
        var bytes = response.ToWire(random.Next(3));
        if (!response.IsEcho && random.Next(4) == 0)
            bytes = ByteMutator.Mutate(random, bytes, null);
        return new FuzzResponse(response.Status, [], bytes);
    }

    private static FuzzResponse Compressed(Random random, FuzzResponse response)
    {
        var (encoding, wrap) = random.Next(3) switch
        {
            0 => ("gzip", (Func<Stream, Stream>)(stream => new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))),
            1 => ("deflate", stream => new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true)),
            _ => ("br", stream => new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true)),
        };
        using var packed = new MemoryStream();
        using (var packing = wrap(packed))
            packing.Write(response.Body);
        var body = packed.ToArray();
        return response with { Headers = [.. response.Headers, ("Content-Encoding", encoding)],
            Body = response.IsEcho || random.Next(2) == 0 ? body : ByteMutator.Mutate(random, body, null) };
    }

    private string? Fault(Exception exception)
    {
        if (!IsOwn(exception))
            return $"An exception that isn't the SDK's came out: {exception}";
        var failure = exception as TokenClientException;
        string?[] shown =
        [
            _isWhole ? exception.ToString() : null, .. Messages(exception), failure?.VendorMessage, failure?.VendorErrorCode,
            failure?.VendorRequestId,
            .. (failure as TokenInvalidRequestException)?.Problems.SelectMany(problem => new[] { problem.Field, problem.Message }) ?? [],
        ];
        return shown.OfType<string>().SelectMany(Markers.In).FirstOrDefault() is { } marker
            ? $"The exception shows a secret ({marker}): {exception}" : null;
    }

    private static IEnumerable<string> Messages(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception.Message;
    }

    private bool IsOwn(Exception? exception) => !_target.IsTyped ? exception is TokenClientException : exception switch
    {
        ApiException or RateLimitException or SecretSourceException => true,
        CredentialExchangeException exchange => IsOwn(exchange.InnerException),

        // As with any client on an HttpClient: no response arrived, or only a part of it.
        HttpRequestException broken => _isWire || broken.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded,
        _ => false,
    };

    private sealed record Stored(string Target, int MaxRetries, int MaxResponseBytes, bool IsWire, IReadOnlyList<StoredResponse> Responses);

    // Each byte becomes the character of the same number: readable where it is ASCII, and exact.
    private sealed record StoredResponse(int Status, IReadOnlyList<string[]> Headers, string Body)
    {
        public static StoredResponse Of(FuzzResponse response) => new(response.Status,
            [.. response.Headers.Select(header => new[] { header.Name, header.Value })], Encoding.Latin1.GetString(response.Body));

        public FuzzResponse ToResponse()
            => new(Status, [.. Headers.Select(header => (header[0], header[1]))], Encoding.Latin1.GetBytes(Body));
    }
}
