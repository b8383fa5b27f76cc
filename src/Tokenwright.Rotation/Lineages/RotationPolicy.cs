namespace Tokenwright.Rotation;

/// <summary>Describes when a token is rotated, and what must be true before the old one is revoked.</summary>
public sealed class RotationPolicy
{
    /// <summary>
    /// Gets or initializes the lifetime of a token. The default is 90 days. Where tokens can't expire, it only decides when the token is
    /// rotated.
    /// </summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Gets or initializes after which part of its actual lifetime a token is rotated, between 0 and 1. The default is two thirds.
    /// </summary>
    public double RotateAfter { get; init; } = 2.0 / 3;

    /// <summary>
    /// Gets or initializes the lifetime that a new token gets first, where the vendor allows to change the expiry
    /// (<see cref="TokenCapabilities.ExpiryCanBeChanged"/>) and shows a secret only once. When the secret is stored safely, the token is
    /// extended to <see cref="Lifetime"/>. So a token whose secret was lost expires soon. The default is one hour. Zero issues tokens with
    /// the full lifetime.
    /// </summary>
    public TimeSpan ShortLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets or initializes how long the old token is kept at least after the new one was published. The default is one day.
    /// </summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Gets or initializes how long the old token must be unused, where the vendor reports uses
    /// (<see cref="TokenCapabilities.LastUsedGranularity"/>). The default is one day.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Gets or initializes how long after the publication the old token may be kept before somebody is told. It is never revoked because of
    /// the deadline. The default is 14 days.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Gets or initializes the order in which a token is replaced. The default is <see cref="RotationMode.Overlap"/>.</summary>
    public RotationMode Mode { get; init; }

    /// <summary>
    /// Gets or initializes how many creates with an unknown outcome one rotation may send before it needs attention, from 1 to 10. The
    /// default is 2.
    /// </summary>
    public int Attempts { get; init; } = 2;

    /// <summary>
    /// Gets or initializes how long a create whose response was lost is looked for, in case the vendor carries it out late. The default is
    /// one hour.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets or initializes how long a new token may take to work, and a revoked one to stop working, before somebody is told. The default
    /// is 10 minutes.
    /// </summary>
    public TimeSpan ProofTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets or initializes how many places of the owner's quota (<see cref="TokenLimits.TokensPerOwner"/>) stay free besides the one that a
    /// rotation needs. The default is 1, for a token whose response is lost.
    /// </summary>
    public int SparePlaces { get; init; } = 1;

    /// <summary>
    /// Gets or initializes how long credentials that consumers exchanged for the token can outlive it; null, the default, for
    /// <see cref="TokenCapabilities.ExchangedCredentialLifetime"/>. It is required if that is not known. A shorter time than the vendor's
    /// is right only if the consumers' credentials are shorter.
    /// </summary>
    public TimeSpan? ExchangedCredentialLifetime { get; init; }

    /// <summary>
    /// Gets or initializes how often a rotation that waits looks whether it can go on. The default is one minute.
    /// </summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    internal IEnumerable<string> Problems(TokenCapabilities capabilities)
    {
        foreach (var (name, value) in new[]
        {
            (nameof(Lifetime), Lifetime), (nameof(Deadline), Deadline), (nameof(SettleTime), SettleTime), (nameof(ProofTime), ProofTime),
            (nameof(CheckInterval), CheckInterval),
        })
        {
            if (value <= TimeSpan.Zero)
                yield return $"{name} must be longer than zero.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(ShortLifetime), ShortLifetime), (nameof(Overlap), Overlap), (nameof(Idle), Idle),
            (nameof(ExchangedCredentialLifetime), ExchangedCredentialLifetime ?? TimeSpan.Zero),
        })
        {
            if (value < TimeSpan.Zero)
                yield return $"{name} must not be negative.";
        }

        if (!(RotateAfter > 0 && RotateAfter < 1))
            yield return $"{nameof(RotateAfter)} must lie between 0 and 1.";
        if (Attempts is < 1 or > 10)
            yield return $"{nameof(Attempts)} must be from 1 to 10.";
        if (SparePlaces < 0)
            yield return $"{nameof(SparePlaces)} must not be negative.";
        if (!Enum.IsDefined(Mode))
            yield return $"{nameof(Mode)} {Mode} is not a mode.";
        foreach (var problem in ProblemsWithVendor(capabilities))
            yield return problem;
    }

    // The time in which the old token can be retired is the rest of its life, and it is needed for everything that the gate waits for.
    private IEnumerable<string> ProblemsWithVendor(TokenCapabilities capabilities)
    {
        var limits = capabilities.Limits;
        if (capabilities.TokensCanExpire && Lifetime < limits.MinLifetime)
            yield return $"{nameof(Lifetime)} is {Lifetime}; the vendor's shortest is {limits.MinLifetime}.";
        if (capabilities.TokensCanExpire && Lifetime > limits.MaxLifetime)
            yield return $"{nameof(Lifetime)} is {Lifetime}; the vendor's longest is {limits.MaxLifetime}.";
        if (IsMintedShort(capabilities) && ShortLifetime < limits.MinLifetime)
            yield return $"{nameof(ShortLifetime)} is {ShortLifetime}; the vendor's shortest is {limits.MinLifetime}.";
        if (ExchangedLifetime(capabilities) is not { } exchanged)
        {
            yield return $"It is not known how long credentials that were exchanged for a token outlive it; set " +
                $"{nameof(ExchangedCredentialLifetime)}.";
            yield break;
        }

        var use = capabilities.LastUsedGranularity is { } granularity ? granularity + Idle : TimeSpan.Zero;
        var least = Overlap > exchanged + use ? Overlap : exchanged + use;
        if (Mode != RotationMode.InPlace && Deadline < least)
            yield return $"{nameof(Deadline)} is {Deadline}, but the old token can't be revoked earlier than {least} after the " +
                "publication.";
        if (Mode != RotationMode.InPlace && capabilities.TokensCanExpire && Lifetime * (1 - RotateAfter) < Overlap)
            yield return $"The old token expires {Lifetime * (1 - RotateAfter)} after its rotation begins, before the " +
                $"{nameof(Overlap)} of {Overlap} has passed. Use a longer {nameof(Lifetime)}, or rotate earlier.";
        if (Mode == RotationMode.InPlace && capabilities[TokenOperation.Regenerate].Support == OperationSupport.Unsupported)
            yield return $"{nameof(Mode)} {nameof(RotationMode.InPlace)} is not possible: " +
                $"{capabilities[TokenOperation.Regenerate].Remark} {capabilities[TokenOperation.Regenerate].Alternative}".TrimEnd();
    }

    // Where a secret can be read again, a lost token is found by its key. Its secret can contain the expiry (a JWT), and would have to be
    // read again after each change.
    internal bool IsMintedShort(TokenCapabilities capabilities)
        => Mode != RotationMode.InPlace && capabilities is { ExpiryCanBeChanged: true, TokensCanExpire: true }
        && capabilities.CreationRecovery != CreationRecovery.Recoverable
        && capabilities[TokenOperation.Update].Support != OperationSupport.Unsupported
        && ShortLifetime > TimeSpan.Zero && ShortLifetime < Lifetime;

    internal TimeSpan? ExchangedLifetime(TokenCapabilities capabilities)
        => ExchangedCredentialLifetime ?? capabilities.ExchangedCredentialLifetime;
}
