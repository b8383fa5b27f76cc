using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tokenwright;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddTokenwright().AddSailPoint("identity", builder.Configuration.GetSection("SailPoint"));
builder.Services.AddHostedService<Lister>();
await builder.Build().RunAsync();

internal sealed class Lister([FromKeyedServices("identity")] ITokenClient tokens, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var token in await tokens.ListAsync(cancellationToken: stoppingToken).ToListAsync())
            Console.WriteLine($"{token.Name}: {token.State}");
        lifetime.StopApplication();
    }
}
