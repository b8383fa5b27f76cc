using System.Text.Json;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>Checks that every candidate sends the same requests, before anything is measured.</summary>
internal sealed class CheckingTransport(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        if (address.AbsolutePath.EndsWith(Request.LoginPath, StringComparison.Ordinal))
        {
            CheckLogin(JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement.GetProperty("auth"));
            return await base.SendAsync(request, cancellationToken);
        }

        if (request.Headers.NonValidated[Request.TokenHeader].ToString() != Request.Token)
            throw Difference("sent another token");
        if (!request.Headers.NonValidated["Accept"].ToString().Contains("application/json", StringComparison.Ordinal))
            throw Difference("did not accept JSON");
        if (request.Method == HttpMethod.Post)
            Check(JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement.GetProperty("access_token"));
        else if (address.AbsolutePath.EndsWith('/') && !(address.Query.Contains($"limit={Request.PageSize}", StringComparison.Ordinal)
            && address.Query.Contains("all=true", StringComparison.Ordinal)))
            throw Difference($"listed by {address.Query}");
        return await base.SendAsync(request, cancellationToken);
    }

    private static void Check(JsonElement token)
    {
        if (token.GetProperty("name").GetString() != Request.Name
            || token.GetProperty("description").GetString() != Request.Description
            || !token.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).SequenceEqual(Request.Roles))
            throw Difference("sent another token to create");
    }

    private static void CheckLogin(JsonElement user)
    {
        if (user.GetProperty("name").GetString() != Request.Username || user.GetProperty("password").GetString() != Request.Password)
            throw Difference("signed in as another user");
    }

    private static InvalidOperationException Difference(string what) => new($"A candidate does not do the same as the others: it {what}.");
}
