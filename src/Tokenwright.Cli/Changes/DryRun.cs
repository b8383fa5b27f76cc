using Tokenwright.Adapters;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;
using Tokenwright.Http;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// Shows the calls of a change without making it. Requests that sign in or read are sent. The first request that would change something
/// isn't sent, and the operation ends there. Secrets are redacted.
/// </summary>
internal sealed class DryRun(ConnectionDefinition definition, HttpMessageHandler inner, CancellationTokenSource end, List<CallRow> calls)
    : DelegatingHandler(inner)
{
    /// <summary>Gets or sets the secrets to redact.</summary>
    public IReadOnlyList<TokenSecret> Secrets { get; set; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isRead = OperationContext.Of(request)?.IsReadOnly == true;

        // The body of a sent request can be the credential itself. The body of the change is what the user wants to see.
        var body = isRead || request.Content is null
            ? null : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var query = request.RequestUri!.Query;
        var address = new UriBuilder(request.RequestUri) { Query = query.Length > 1 && isRead ? "…" : query }.Uri.ToString();
        lock (calls)
            calls.Add(new CallRow(definition.Vendor.Name, definition.Name, request.Method.Method, SecretRedactor.Redact(address, Secrets),
                body is { Length: > 0 } ? SecretRedactor.Redact(body, Secrets) : null, isRead));
        if (isRead)
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        throw new OperationCanceledException("A dry run sends no change.", end.Token);
    }
}
