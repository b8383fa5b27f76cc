using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>
/// An HTTP client with the promises of the facade, as a program would register it: the standard resilience handler with the facade's
/// numbers, no retries of unsafe methods, and a handler that authenticates. The rate limiter and the circuit breaker are the defaults.
/// </summary>
internal sealed class ResilientHttp : IDisposable
{
    private const string Name = "xms";

    private readonly ServiceProvider _services;

    public ResilientHttp(HttpMessageHandler? transport, Uri address)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new ForgetfulLog()));
        var http = services.AddHttpClient(Name, client =>
        {
            client.BaseAddress = address;
            client.DefaultRequestHeaders.Accept.Add(new("application/json"));
        });
        http.AddStandardResilienceHandler(options =>
        {
            options.TotalRequestTimeout.Timeout = FacadeDefaults.TotalTimeout;
            options.AttemptTimeout.Timeout = FacadeDefaults.AttemptTimeout;
            options.Retry.MaxRetryAttempts = FacadeDefaults.Retries;
            options.Retry.Delay = FacadeDefaults.RetryDelay;
            options.Retry.DisableForUnsafeHttpMethods();
        });
        http.AddHttpMessageHandler(() => new SecretHandler(() => Request.Token));
        if (transport is not null)
            http.ConfigurePrimaryHttpMessageHandler(() => transport);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient(Name);
    }

    public HttpClient Client { get; }

    public void Dispose() => _services.Dispose();
}
