namespace Tokenwright.Testing;

/// <summary>
/// Stores what an <see cref="InMemoryTokenClient"/> shares with the clients from <see cref="InMemoryTokenClient.WithSelf"/>.
/// </summary>
internal sealed class InMemoryStore
{
    private readonly List<Script> _scripts = [];
    private int _lastNumber;

    public Lock Lock { get; } = new();

    public List<EmulatedToken> Tokens { get; } = [];

    public List<InMemoryCall> Calls { get; } = [];

    public EmulatedToken Completed(EmulatedToken token, DateTimeOffset now)
    {
        token.Id ??= $"in-memory-token-{++_lastNumber:D6}";
        token.Secret ??= NextSecret();
        token.CreatedAt ??= now;
        return token;
    }

    public TokenSecret NextSecret() => new($"in-memory-secret-{++_lastNumber:D6}");

    public void Add(Script script, int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        lock (Lock)
            _scripts.AddRange(Enumerable.Repeat(script, times));
    }

    /// <summary>Records a call, and removes the script for it.</summary>
    public Script? Take(InMemoryCall call)
    {
        lock (Lock)
        {
            Calls.Add(call);
            var script = _scripts.Find(candidate => candidate.Operation == call.Operation);
            if (script is not null)
                _scripts.Remove(script);
            return script;
        }
    }

    internal sealed class Script(TokenOperation operation)
    {
        public TokenOperation Operation => operation;

        public Exception? Exception { get; init; }

        public Task? Until { get; init; }
    }
}
