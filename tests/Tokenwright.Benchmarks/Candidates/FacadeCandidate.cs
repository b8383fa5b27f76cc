using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tokenwright.Benchmarks.Workload;
using Tokenwright.Xms;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>
/// The SDK's facade with its default features, from a container as in a program: retries, rate limits, timeouts, credential, telemetry
/// without listeners, and a log for warnings.
/// </summary>
internal sealed class FacadeCandidate : Candidate<ApiToken>
{
    private readonly ServiceProvider _services;
    private readonly TokenQuery _query;

    public FacadeCandidate(
        HttpMessageHandler? transport, Uri address, TokenQuery? query = null, LogLevel level = LogLevel.Warning,
        Action<XmsOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(level).AddProvider(new ForgetfulLog()));
        var connection = services.AddTokenwright().AddXms("benchmark", options =>
        {
            options.BaseAddress = address;
            options.AccessToken = new TokenSecret(Request.Token);
            configure?.Invoke(options);
        });
        if (transport is not null)
            connection.Http.ConfigurePrimaryHttpMessageHandler(() => transport);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredKeyedService<ITokenClient>("benchmark");
        _query = query ?? new TokenQuery();
    }

    public ITokenClient Client { get; }

    /// <summary>Creates a facade that signs in with a name and a password, and then uses the session.</summary>
    public static FacadeCandidate SigningIn(HttpMessageHandler? transport, Uri address) => new(transport, address, configure: options =>
    {
        options.AccessToken = null;
        options.Username = Request.Username;
        options.Password = new TokenSecret(Request.Password);
    });

    public override async Task<long> GetAsync()
        => ChecksumOf(await Client.GetAsync(TokenReference.ById(Request.Id.ToString(CultureInfo.InvariantCulture))));

    public override async Task<long> CreateAsync()
    {
        var issued = await Client.CreateAsync(new CreateTokenRequest
            { Name = Request.Name, Description = Request.Description, Roles = [.. Request.Roles.Select(role => new TokenRole(role))] });
        return ChecksumOf(issued.Token, issued.Secret.Reveal());
    }

    public override void Dispose()
    {
        _services.Dispose();
        base.Dispose();
    }

    protected override Task<IReadOnlyList<ApiToken>> ReadListAsync() => Client.ListAsync(_query).ToListAsync();

    protected override IAsyncEnumerable<ApiToken> ReadStreamAsync() => Client.ListAsync(_query);

    protected override void Add(ref Checksum checksum, ApiToken token)
    {
        checksum.Add(Number(token.Id));
        checksum.Add(token.Name);
        checksum.Add(token.Description);
        for (var i = 0; i < token.Roles.Count; i++)
            checksum.Add(token.Roles[i].Value);
        checksum.Add(Number(token.Owner?.Id));
        checksum.Add(token.Owner?.Name);
        checksum.Add(token.NativeStatus == "used: true" ? 1 : 0);
        checksum.Add(token.CreatedAt);
        checksum.Add(token.UpdatedAt);
    }

    private static long Number(string? id) => id is null ? 0 : long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);
}
