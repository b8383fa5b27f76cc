using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Field;

/// <summary>A vendor's emulator, and connections to it from a container, as in a program.</summary>
internal sealed class FieldBench : IDisposable
{
    private readonly ShippedSubject _subject;
    private readonly ConformanceStage _stage;
    private readonly List<ServiceProvider> _providers = [];
    private int _numbers;

    public FieldBench(ShippedSubject subject)
    {
        _subject = subject;
        _stage = subject.Start(TimeProvider.System);
        Vendor = ((IProgramStage)_stage).Emulator;
        Capabilities = subject.ReadCapabilities();
    }

    /// <summary>Gets the vendor's side.</summary>
    public VendorEmulator Vendor { get; }

    /// <summary>Gets the settings of a connection to it.</summary>
    public IReadOnlyDictionary<string, string> Settings => ((IProgramStage)_stage).Settings;

    public TokenCapabilities Capabilities { get; }

    /// <summary>Gets how many tokens the vendor has.</summary>
    public int Tokens => _stage.Tokens.Count;

    /// <summary>Creates a connection in a new container.</summary>
    /// <param name="services">Adds the program's other services.</param>
    /// <param name="connection">Configures the connection.</param>
    /// <param name="settings">More settings of the connection.</param>
    public ITokenClient Open(Action<IServiceCollection>? services = null, Action<TokenConnectionBuilder>? connection = null,
        Dictionary<string, string?>? settings = null)
    {
        var collection = new ServiceCollection();
        services?.Invoke(collection);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Settings!)
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                [nameof(ConnectionOptions.RetryDelay)] = "00:00:00.001",

                // Much longer than any machine needs.
                [nameof(ConnectionOptions.AttemptTimeout)] = "00:05:00",
                [nameof(ConnectionOptions.TotalTimeout)] = "00:10:00",
            })
            .AddInMemoryCollection(settings ?? [])
            .Build();
        connection?.Invoke(_subject.Register(collection.AddTokenwright(), "field", configuration));
        if (connection is null)
            _subject.Register(collection.AddTokenwright(), "field", configuration);
        var provider = collection.AddLogging(logging => logging.ClearProviders()).BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredKeyedService<ITokenClient>("field");
    }

    /// <summary>Runs an operation, on a new token if it needs one.</summary>
    /// <param name="client">The client.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="token">The token; null for a new one.</param>
    /// <param name="action">What to do if the outcome of a create is unknown.</param>
    public Task CallAsync(ITokenClient client, TokenOperation operation, EmulatedToken? token = null,
        UnknownOutcomeAction action = UnknownOutcomeAction.Throw)
        => client.CallAsync(
            operation,
            operation == TokenOperation.Create ? TokenReference.Self : Calls.Reference(Capabilities.AnyKind(operation), token ?? Issue()),
            Request(action),
            $"renamed {++_numbers}");

    /// <summary>Adds a token to the vendor's store.</summary>
    public EmulatedToken Issue()
    {
        var token = _subject.NewToken($"token {++_numbers}");
        _subject.Prepare(token);
        return _stage.Add(token);
    }

    /// <summary>Creates a request whose unknown outcome is not resolved, so that the tests see only the one request.</summary>
    public CreateTokenRequest Request(UnknownOutcomeAction action = UnknownOutcomeAction.Throw)
        => new(_subject.Request($"token {++_numbers}", TokenExpiry.After(TimeSpan.FromHours(2)))) { IfOutcomeUnknown = action };

    /// <summary>
    /// Runs an operation once without faults, and returns its main request: not the exchange of a credential, and no look-up.
    /// </summary>
    public async Task<(string Method, string Path)> FindMainRequestAsync(ITokenClient client, TokenOperation operation)
    {
        var before = Vendor.Requests.Count;
        await CallAsync(client, operation);
        var sent = Vendor.Requests.Skip(before).Select(request => (request.Method, Path: request.PathAndQuery.Split('?')[0])).ToList();

        // Some operations consist of a look-up only.
        return sent.Where(request => request != _subject.Exchange && request != _subject.LookUp).Append(sent[^1]).First();
    }

    /// <summary>Returns the path of a request with another token in it.</summary>
    /// <param name="path">The path of the request.</param>
    /// <param name="token">The other token.</param>
    public static string PathOf(string path, EmulatedToken token)
        => string.Join('/', path.Split('/').Select(
            part => part.Split(':') is [var id, .. var rest] && long.TryParse(id, out _) ? string.Join(':', [token.Id, .. rest]) : part));

    /// <summary>Disposes the containers.</summary>
    public void Close()
    {
        _providers.ForEach(provider => provider.Dispose());
        _providers.Clear();
    }

    public void Dispose()
    {
        Close();
        _stage.Dispose();
    }
}
