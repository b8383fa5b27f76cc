using System.ComponentModel;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.Http;

namespace Tokenwright.Generated;

/// <summary>
/// Provides a base class for generated clients. It sends their requests, reads the whole response into a pooled buffer, and reads the model
/// from it. Each error status and each success that can't be read becomes an <see cref="ApiException"/>. It doesn't matter whether the spec
/// declares the status or whether the body is JSON.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TypedClient
{
    // This limit is for clients without a connection, which has a limit of its own.
    private const int LongestBody = 16 * 1024 * 1024;

    private const string Json = "application/json";

    private static readonly HttpMethod[] Methods =
        [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete, HttpMethod.Head, HttpMethod.Options];

    private readonly HttpClient _httpClient;
    private readonly ConnectionClient? _connectionClient;

    /// <summary>Initializes a new instance of the <see cref="TypedClient"/> class.</summary>
    /// <param name="httpClient">The HTTP client that sends the requests. Its base address must end with a slash.</param>
    protected TypedClient(HttpClient httpClient)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        _httpClient = httpClient;
        _connectionClient = httpClient as ConnectionClient;
    }

    /// <summary>
    /// Gets or sets whether models keep unknown members, and values that can't be read, in their <c>AdditionalProperties</c>. The default
    /// is true. Long lists are read faster without them.
    /// </summary>
    public bool KeepsUnknownMembers { get; set; } = true;

    /// <summary>
    /// Gets or initializes whether each call requires the context of an operation, as calls of an adapter do, so that the HTTP method
    /// doesn't decide whether a request can be retried. The default is false.
    /// </summary>
    public bool RequiresOperation { get; init; }

    /// <summary>
    /// Gets what the address of a request begins with: the base address if requests are sent past the HTTP client, otherwise nothing.
    /// </summary>
    protected string Prefix => _connectionClient is { IsDirect: true } client ? client.Prefix : string.Empty;

    /// <summary>Sends a request whose response is a list, to read it element by element.</summary>
    /// <typeparam name="TItem">The type of an element's model.</typeparam>
    /// <param name="request">The request. It is disposed.</param>
    /// <param name="keepsUnknown">Whether elements keep unknown members.</param>
    /// <param name="context">The operation.</param>
    /// <returns>The list, which the caller must dispose.</returns>
    /// <exception cref="ApiException">The vendor responded with an error.</exception>
    public async Task<JsonPage<TItem>> ReadPageAsync<TItem>(
        HttpRequestMessage request, bool keepsUnknown, OperationContext context)
        where TItem : class, IJsonModel<TItem>
    {
        var received = await SendCoreAsync(request, Bit(200), 0, context).ConfigureAwait(false);
        return new JsonPage<TItem>(received.Response, received.Body, listMember: null, keepsUnknown);
    }

    /// <summary>Sends a request whose response has a list in one member, to read it element by element.</summary>
    /// <typeparam name="TEnvelope">The type of the response's model.</typeparam>
    /// <typeparam name="TItem">The type of an element's model.</typeparam>
    /// <param name="request">The request. It is disposed.</param>
    /// <param name="listMember">The name of the member.</param>
    /// <param name="keepsUnknown">Whether elements keep unknown members.</param>
    /// <param name="errorBesideNull">
    /// If the vendor writes an empty list as null, a function that reads an error next to such a list. With an error, the response is
    /// invalid. If this is null, a null list is always an invalid response.
    /// </param>
    /// <param name="context">The operation.</param>
    /// <returns>The list, which the caller must dispose.</returns>
    /// <exception cref="ApiException">The vendor responded with an error.</exception>
    public async Task<JsonPage<TEnvelope, TItem>> ReadPageAsync<TEnvelope, TItem>(
        HttpRequestMessage request, string listMember, bool keepsUnknown, Func<JsonElement, VendorError>? errorBesideNull,
        OperationContext context)
        where TEnvelope : class, IJsonModel<TEnvelope>
        where TItem : class, IJsonModel<TItem>
    {
        var received = await SendCoreAsync(request, Bit(200), 0, context).ConfigureAwait(false);
        return new JsonPage<TEnvelope, TItem>(
            received.Response, received.Body, listMember, keepsUnknown) { ErrorBesideNull = errorBesideNull };
    }

    /// <summary>Sends a request whose response has a list in one member, which is never null, to read it element by element.</summary>
    /// <inheritdoc
    /// cref="ReadPageAsync{TEnvelope, TItem}(HttpRequestMessage, string, bool, Func{JsonElement, VendorError}, OperationContext)"/>
    public Task<JsonPage<TEnvelope, TItem>> ReadPageAsync<TEnvelope, TItem>(
        HttpRequestMessage request, string listMember, bool keepsUnknown, OperationContext context)
        where TEnvelope : class, IJsonModel<TEnvelope>
        where TItem : class, IJsonModel<TItem>
        => ReadPageAsync<TEnvelope, TItem>(request, listMember, keepsUnknown, errorBesideNull: null, context);

    internal static ApiException Unreadable(HttpResponseMessage response, JsonException exception)
        => new("Could not read the response.", (int)response.StatusCode, null, Headers(response), exception);

    /// <summary>Combines success statuses in one number with a bit for each. The lowest bit is for 200.</summary>
    /// <param name="statuses">The statuses, from 200 to 229.</param>
    protected static int Statuses(params ReadOnlySpan<int> statuses)
    {
        var bits = 0;
        foreach (var status in statuses)
            bits |= Bit(status);
        return bits;
    }

    /// <summary>Creates a request.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="url">The address.</param>
    /// <param name="accepts">The media type of the response; null for none.</param>
    /// <param name="content">The body; null for none.</param>
    protected static HttpRequestMessage CreateRequest(string method, ref RequestUrl url, string? accepts, HttpContent? content)
        => CreateRequest(method, ref url, accepts, content, isAnonymous: false);

    /// <summary>Creates a request without a credential, because its operation declares none (<c>security: []</c>).</summary>
    /// <inheritdoc cref="CreateRequest(string, ref RequestUrl, string?, HttpContent?)"/>
    protected static HttpRequestMessage CreateAnonymousRequest(string method, ref RequestUrl url, string? accepts, HttpContent? content)
        => CreateRequest(method, ref url, accepts, content, isAnonymous: true);

    /// <summary>Creates a JSON body from a model.</summary>
    protected static HttpContent JsonContent<T>(T body, string mediaType)
        where T : class, IJsonModel<T>
        => Content(JsonOutput.ToArray(body, static (output, value) => output.WriteValue(value), out var secrets), mediaType, secrets);

    /// <summary>Creates a JSON body from a list of models.</summary>
    protected static HttpContent JsonContent<T>(IEnumerable<T> body, string mediaType)
        where T : class, IJsonModel<T>
        => Content(JsonOutput.ToArray(body, static (output, values) => output.WriteValue(values), out var secrets), mediaType, secrets);

    /// <summary>Creates a form from a model's members.</summary>
    protected static HttpContent FormContent<T>(T body)
        where T : class, IJsonModel<T>
    {
        var json = JsonOutput.ToArray(body, static (output, value) => output.WriteValue(value), out var secrets);
        var input = new JsonInput(json, keepsUnknown: true);
        input.Read();
        var fields = new List<KeyValuePair<string, string?>>();
        while (input.NextMember(out var name))
        {
            if (input.TryRead(out string? value))
                fields.Add(new(Encoding.UTF8.GetString(name), value));
            else
                throw new NotSupportedException($"'{Encoding.UTF8.GetString(name)}' can't be a form field: it has more than one value.");
        }

        // The bytes may contain secrets.
        Array.Clear(json);
        return new ApiForm(fields, secrets);
    }

    /// <summary>Creates a body that is a text. Every vendor that accepts such a body expects a token in it.</summary>
    protected static HttpContent TextContent(string body) => Content(Encoding.UTF8.GetBytes(body), "text/plain", [body]);

    /// <summary>Creates an empty body.</summary>
    protected static HttpContent EmptyContent(string mediaType) => Content([], $"{mediaType}; charset=utf-8", []);

    /// <summary>Sends a request whose response is a model.</summary>
    /// <typeparam name="T">The type of the model.</typeparam>
    /// <param name="request">The request. It is disposed.</param>
    /// <param name="withBody">The success statuses with a body, from <see cref="Statuses"/>.</param>
    /// <param name="withoutBody">The success statuses without a body.</param>
    /// <param name="context">The operation.</param>
    /// <returns>
    /// The model. It is empty for a deletion without a body, and null for another success that the spec declares without a body.
    /// </returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected async ValueTask<T> ReadAsync<T>(HttpRequestMessage request, int withBody, int withoutBody, OperationContext context)
        where T : class, IJsonModel<T>
    {
        using var received = await SendCoreAsync(request, withBody, withoutBody, context).ConfigureAwait(false);
        return received.HasBody ? received.ReadModel<T>(KeepsUnknownMembers) : received.IsDeletion ? T.Create() : null!;
    }

    /// <summary>Sends a request whose response is a list of models.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected async ValueTask<ICollection<T>> ReadListAsync<T>(
        HttpRequestMessage request, int withBody, int withoutBody, OperationContext context)
        where T : class, IJsonModel<T>
    {
        using var received = await SendCoreAsync(request, withBody, withoutBody, context).ConfigureAwait(false);
        return received.HasBody ? received.ReadList<T>(KeepsUnknownMembers) : null!;
    }

    /// <summary>Sends a request whose response is only a status.</summary>
    /// <param name="request">The request. It is disposed.</param>
    /// <param name="withBody">The success statuses with a body, from <see cref="Statuses"/>.</param>
    /// <param name="withoutBody">The success statuses without a body.</param>
    /// <param name="context">The operation.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected async ValueTask SendAsync(HttpRequestMessage request, int withBody, int withoutBody, OperationContext context)
    {
        using var received = await SendCoreAsync(request, withBody, withoutBody, context).ConfigureAwait(false);
    }

    private static ApiRequest CreateRequest(string method, ref RequestUrl url, string? accepts, HttpContent? content, bool isAnonymous)
    {
        var request = new ApiRequest(MethodOf(method), url.ToUri())
            { Content = content, Secrets = (content as IApiContent)?.Secrets ?? [], IsAnonymous = isAnonymous };
        if (accepts is not null)
            request.Headers.TryAddWithoutValidation("Accept", accepts);
        return request;
    }

    private static HttpMethod MethodOf(string name)
    {
        foreach (var known in Methods)
        {
            if (known.Method == name)
                return known;
        }

        return new HttpMethod(name);
    }

    private static int Bit(int status) => status < 230 ? 1 << (status - 200) : 0;

    private static ApiContent Content(byte[] body, string contentType, string[] secrets)
    {
        var content = new ApiContent(body, secrets);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private static Dictionary<string, IEnumerable<string>> Headers(HttpResponseMessage response)
        => response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => header.Value);

    // An HTML page isn't a success, because it comes from a proxy. For a response that is only a status, nothing else would show that. Some
    // servers send an empty body with the type HTML.
    private static bool IsPage(HttpResponseMessage response, ResponseBody body)
        => body.Length > 0
        && response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types)
        && !types.ToString().StartsWith(Json, StringComparison.OrdinalIgnoreCase)
        && MediaTypeHeaderValue.TryParse(types.ToString(), out var type)
        && string.Equals(type.MediaType, "text/html", StringComparison.OrdinalIgnoreCase);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Received> SendCoreAsync(
        HttpRequestMessage request, int withBody, int withoutBody, OperationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (RequiresOperation && context.MayRetry is null)
            throw new InvalidOperationException("An adapter's request needs the context of its operation, or it might be retried.");
        context.Attach(request);
        request.Version = _httpClient.DefaultRequestVersion;
        request.VersionPolicy = _httpClient.DefaultVersionPolicy;
        var own = request as ApiRequest;
        var direct = own?.RequestUri!.IsAbsoluteUri == true && _connectionClient is { IsDirect: true } connectionClient
            ? connectionClient : null;
        HttpResponseMessage? response = null;
        ResponseBody? body = null;
        try
        {
            using (request)
                response = await (direct is null
                    ? _httpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.CancellationToken)
                    : direct.SendDirectAsync(own!, context.CancellationToken)).ConfigureAwait(false);
            body = own?.Sent?.TakeBody() ?? await ReadBodyAsync(response, context.CancellationToken).ConfigureAwait(false);
            return Checked(request, response, body, withBody, withoutBody);
        }
        catch (Exception exception)
        {
            (body ?? own?.Sent?.TakeBody())?.Dispose();
            response?.Dispose();

            // A program can pass its own HTTP client, whose exceptions weren't checked for secrets.
            var failure = direct is null ? exception : ConnectionClient.FailureOf(exception, own!, context.CancellationToken);
            var clean = CleanException.Of(failure, SecretRedactor.Of(request));
            if (ReferenceEquals(clean, exception))
                throw;
            throw clean;
        }
    }

    private static Received Checked(
        HttpRequestMessage request, HttpResponseMessage response, ResponseBody body, int withBody, int withoutBody)
    {
        // The status alone says whether a deletion succeeded.
        var isDeletion = request.Method == HttpMethod.Delete;
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
            throw ErrorResponse.Read(response, body, SecretRedactor.Of(request));
        if (IsPage(response, body))
            throw new ApiException(
                "It is an HTML page; did something in front of the API respond?", status, null, Headers(response), null);

        // Servers send other success statuses than they document, so what counts is whether the body has the expected content.
        var isDeclared = ((withBody | withoutBody) & Bit(status)) != 0;
        var hasBody = isDeclared ? (withBody & Bit(status)) != 0 : withBody != 0;
        if (hasBody && body.Length == 0 && isDeletion)
            hasBody = false;
        if (hasBody && body.Length == 0 && !isDeclared)
            throw new ApiException("A body was expected, and there is none.", status, null, Headers(response), null);
        return new Received(response, body, hasBody, isDeletion);
    }

    private static async ValueTask<ResponseBody> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ResponseBody.ReadAsync(response, LongestBody, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw CleanException.OfResponse(exception);
        }
    }

    private readonly record struct Received(HttpResponseMessage Response, ResponseBody Body, bool HasBody, bool IsDeletion)
        : IDisposable
    {
        public T ReadModel<T>(bool keepsUnknown)
            where T : class, IJsonModel<T>
        {
            try
            {
                return VendorJson.Read<T>(Body.Span, keepsUnknown) ?? throw NullResponse();
            }
            catch (JsonException exception)
            {
                throw Unreadable(Response, exception);
            }
        }

        public ICollection<T> ReadList<T>(bool keepsUnknown)
            where T : class, IJsonModel<T>
        {
            try
            {
                return VendorJson.ReadList<T>(Body.Span, keepsUnknown) ?? throw NullResponse();
            }
            catch (JsonException exception)
            {
                throw Unreadable(Response, exception);
            }
        }

        public void Dispose()
        {
            Body.Dispose();
            Response.Dispose();
        }

        private ApiException NullResponse()
            => new("The response was null, which was not expected.", (int)Response.StatusCode, null, Headers(Response), null);
    }
}
