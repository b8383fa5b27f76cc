using Tokenwright;
using Tokenwright.SailPoint;

namespace Rotation;

/// <summary>
/// A program that uses the token. It reads id and secret from the file for each call, and acknowledges each generation after its first
/// successful call with it: that is all a program has to do.
/// </summary>
internal sealed class Consumer(Uri address, string file, StoryClock clock) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SailPointTokenClient _client = new(
        "exporter",
        new SailPointOptions
        {
            BaseAddress = address,
            ClientSecret = new SecretSource { File = file, Consumer = "exporter" },
            AttemptTimeout = TimeSpan.FromMinutes(2),
            TotalTimeout = TimeSpan.FromMinutes(5),
        },
        new ConnectionEnvironment { TimeProvider = clock });

    private Task _calling = Task.CompletedTask;

    public int Calls { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Starts to call the vendor all the time.</summary>
    public void Start() => _calling = Task.Run(async () =>
    {
        while (!_end.IsCancellationRequested)
        {
            await CallAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System);
        }
    });

    /// <summary>Lets the time pass between two calls.</summary>
    public async Task PassTimeAsync(DateTimeOffset until)
    {
        await _turn.WaitAsync();
        clock.Now = until;
        _turn.Release();
        await CallAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _calling;
        _client.Dispose();
        _turn.Dispose();
        _end.Dispose();
    }

    private async Task CallAsync()
    {
        await _turn.WaitAsync();
        try
        {
            Calls++;
            await _client.ListAsync().CountAsync();
        }
        catch (TokenClientException failure)
        {
            Refused++;
            Console.WriteLine($"The consumer was refused: {failure.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }
}
