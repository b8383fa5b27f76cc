using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <summary>The in-memory client, which has no separate vendor.</summary>
internal sealed class InMemoryStage(TimeProvider clock, Func<ITokenClient, ITokenClient>? decorate = null) : ConformanceStage
{
    private readonly InMemoryTokenClient _vendor = new(new InMemoryTokenClientOptions { TimeProvider = clock });
    private readonly TaskCompletionSource _never = new();

    public override IReadOnlyList<EmulatedToken> Tokens => _vendor.Tokens;

    public override int Requests => _vendor.Calls.Count;

    public override EmulatedToken Add(EmulatedToken token) => _vendor.Add(token);

    public override void Remove(EmulatedToken token) => _vendor.Remove(token);

    public override void Clear() => _vendor.Clear();

    public override Task Hold(TokenOperation operation, int number)
    {
        _vendor.Hold(operation, _never.Task);
        return Task.CompletedTask;
    }

    protected override ITokenClient CreateClient(EmulatedToken? own)
    {
        var client = _vendor.WithSelf(own ?? _vendor.Self);
        return decorate is null ? client : decorate(client);
    }
}
