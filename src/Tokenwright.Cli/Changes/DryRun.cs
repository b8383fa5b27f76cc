using Tokenwright.Adapters;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;
using Tokenwright.Http;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// Shows the calls of changes without making them. Requests that sign in or read are sent. The first request of a change that would change
/// something isn't sent, and the change ends there. Secrets are redacted.
/// </summary>
internal sealed class DryRun(ConnectionDefinition definition, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly List<CallRow> _calls = [];
    private CancellationTokenSource? _end;

    /// <summary>Gets the calls in their order.</summary>
    public IReadOnlyList<CallRow> Calls => _calls;

    /// <summary>Gets or sets the secrets to redact.</summary>
    public IReadOnlyList<TokenSecret> Secrets { get; set; } = [];

    /// <summary>Runs one change up to its first request that would change something.</summary>
    /// <param name="change">The change.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public async Task RunAsync(Func<CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _end = end;
        try
        {
            await change(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isRead = OperationContext.Of(request)?.IsReadOnly == true;

        // The body of a sent request can be the credential itself. The body of the change is what the user wants to see.
        var body = isRead || request.Content is null
            ? null : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var query = request.RequestUri!.Query;
        var address = new UriBuilder(request.RequestUri) { Query = query.Length > 1 && isRead ? "…" : query }.Uri.ToString();
        lock (_calls)
            _calls.Add(new CallRow(definition.Vendor.Name, definition.Name, request.Method.Method, SecretRedactor.Redact(address, Secrets),
                body is { Length: > 0 } ? SecretRedactor.Redact(body, Secrets) : null, isRead));
        if (isRead)
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await _end!.CancelAsync().ConfigureAwait(false);
        throw new OperationCanceledException("A dry run sends no change.", _end.Token);
    }
}
