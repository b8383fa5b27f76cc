using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Tokenwright.CliTests;

/// <summary>The tool and programs can use the same connections file.</summary>
internal sealed class SharedConnectionsFileTests
{
    [Test]
    public async Task A_program_can_use_the_tool_s_connections()
    {
        using var workplace = new Workplace();
        var listed = await workplace.RunAsync("connections", "list", "-o", "csv");
        await using var provider = Provider(workplace.ConnectionsFile);

        var connections = provider.GetRequiredService<TokenConnections>().All;

        Assert.That(connections, Has.Count.EqualTo(TokenVendors.All.Count));
        foreach (var connection in connections)
        {
            var client = provider.GetRequiredKeyedService<ITokenClient>(connection.Name);
            Assert.That(listed.Output, Does.Contain($"{connection.Vendor},{connection.Name},{client.Metadata.BaseAddress}"));
            if (client.Metadata.Capabilities[TokenOperation.List].Support == OperationSupport.Unsupported)
                Assert.That((await client.GetAsync(TokenReference.Self)).Vendor, Is.EqualTo(connection.Vendor));
            else
                Assert.That(await client.ListAsync().ToListAsync(), Is.Not.Empty, connection.Name);
        }
    }

    [Test]
    public void A_secret_source_that_only_the_tool_supports_is_named_in_the_error()
    {
        using var provider = Provider(WithCommand());

        Assert.That(() => provider.GetRequiredKeyedService<ITokenClient>("lab"), Throws.TypeOf<OptionsValidationException>()
            .With.Message.Contains("AccessToken holds no secret: 'Command' is not a source; known are File and Environment"));
    }

    [Test]
    public async Task A_program_can_add_support_for_such_a_source()
    {
        using var provider = Provider(WithCommand(), section => section.GetSection("Command").Exists()
            ? new TokenSecret($"from {section["Command:0"]}") : SecretSource.FromConfiguration(section));

        var options = provider.GetRequiredService<IOptionsMonitor<Xms.XmsOptions>>().Get("lab");

        Assert.That((await options.AccessToken!.ReadAsync()).Reveal(), Is.EqualTo("from pass"));
    }

    private static string WithCommand()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():n}.json");
        File.WriteAllText(file, """
            { "Tokenwright": { "xms": { "lab": { "BaseAddress": "https://xms.example/v1", "AccessToken": { "Command": ["pass",
            "show"] } } } } }
            """);
        return file;
    }

    private static ServiceProvider Provider(string file, Func<IConfigurationSection, SecretSource?>? readSecret = null)
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(file).Build();
        return new ServiceCollection().AddTokenwright().AddConnections(configuration.GetSection("Tokenwright"), readSecret).Services
            .BuildServiceProvider();
    }
}
