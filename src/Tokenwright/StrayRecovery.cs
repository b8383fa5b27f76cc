namespace Tokenwright;

/// <summary>How an adapter finds a token whose creation's answer was lost; made for one request.</summary>
public sealed class StrayRecovery
{
    /// <summary>
    /// Lists the tokens that the lost request may have made; null where the vendor has no way. It is given a test of whether an instant of the vendor's lies after the request began; an
    /// unknown instant doesn't.
    /// </summary>
    public Func<Func<DateTimeOffset?, bool>, CancellationToken, Task<IReadOnlyList<ApiToken>>>? FindAsync { get; init; }

    /// <summary>Reads the secret of a found token again; null where the vendor shows it once.</summary>
    public Func<ApiToken, CancellationToken, Task<TokenSecret>>? ReadSecretAsync { get; init; }

    /// <summary>Until when a token that can't be found may live; null if it can be found, or never ends.</summary>
    public DateTimeOffset? LivesUntil { get; init; }

    /// <summary>How to name the token, where that was known before the call.</summary>
    public TokenReference? Reference { get; init; }

    /// <summary>What a person does to find out, as a sentence.</summary>
    public required string Advice { get; init; }
}
