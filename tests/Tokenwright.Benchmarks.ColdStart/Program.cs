// Reads the first token of the list at the address in the first argument, prints its name and how many methods were compiled until then,
// and exits. A property of the build selects the client.
using System.Runtime;
#if BARE
using Tokenwright.Benchmarks.Candidates;
#else
using Tokenwright;
#endif
#if CONTAINER
using Microsoft.Extensions.DependencyInjection;
#elif FACADE
using Tokenwright.Xms;
#endif

var address = new Uri(args[0]);
const string Token = "0123456789abcdef0123456789abcdef";

#if BARE
using var http = new HttpClient { BaseAddress = address };
http.DefaultRequestHeaders.Add("Xms-Auth-Token", Token);
http.DefaultRequestHeaders.Accept.Add(new("application/json"));
await foreach (var token in new BareXmsClient(http).StreamAsync())
#elif CONTAINER
var services = new ServiceCollection();
services.AddTokenwright().AddXms("cold", options =>
{
    options.BaseAddress = address;
    options.AccessToken = new TokenSecret(Token);
});
await using var provider = services.BuildServiceProvider();
var tokens = provider.GetRequiredKeyedService<ITokenClient>("cold");
await foreach (var token in tokens.ListAsync())
#else
using var tokens = new XmsTokenClient("cold", new XmsOptions { BaseAddress = address, AccessToken = new TokenSecret(Token) });
await foreach (var token in tokens.ListAsync())
#endif
{
    var methods = JitInfo.GetCompiledMethodCount();
    Console.WriteLine(token.Name);
    Console.WriteLine(methods);
    break;
}
