using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Tokenwright.Rotation;

/// <summary>
/// Describes a token that is kept alive: how it is issued, where its secret is written, who uses it, and when it is replaced. Each token of
/// a lineage is a generation with a number.
/// </summary>
public sealed partial class TokenLineage
{
    // The form of the keys that the SDK itself generates: a client can tell that no other token has such a key.
    private const string KeyPrefix = "tokenwright-";
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int RandomLength = 10;
    private const int LongestName = 100;

    /// <summary>
    /// Gets or initializes the lineage's name: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 100. Don't change it: the journal
    /// has it.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Gets or initializes the name of the connection that issues and revokes the tokens.</summary>
    public required string Connection { get; init; }

    /// <summary>
    /// Gets or initializes a function that creates the request for a token with a given name. The name is new each time and must be the
    /// request's <see cref="CreateTokenRequest.Name"/>, or its <see cref="CreateTokenRequest.Description"/> where tokens have no name. The
    /// rotation sets the key, the expiry, and what to do if the outcome is unknown.
    /// </summary>
    public required Func<string, CreateTokenRequest> CreateRequest { get; init; }

    /// <summary>
    /// Gets or initializes how the names of the tokens begin; null, the default, for <see cref="Name"/>. A number for the generation and a
    /// random part follow. No other token of the account may have such a name.
    /// </summary>
    public string? NamePrefix { get; init; }

    /// <summary>Gets or initializes the places that the secret is written to, in this order.</summary>
    public required IReadOnlyList<ISecretSink> Sinks { get; init; }

    /// <summary>
    /// Gets or initializes the names of the programs that use the token and acknowledge each generation. The old token isn't revoked before
    /// all of them did.
    /// </summary>
    public IReadOnlyList<string> Consumers { get; init; } = [];

    /// <summary>Gets or initializes when the token is rotated, and what must be true before the old one is revoked.</summary>
    public RotationPolicy Policy { get; init; } = new();

    /// <summary>
    /// Gets or initializes whether the token is the credential of <see cref="Connection"/> itself, which reads it from one of the sinks.
    /// The old one is then not revoked before the running connection has proven that it uses the new one.
    /// </summary>
    public bool IsConnectionCredential { get; init; }

    /// <summary>
    /// Gets or initializes a function that reads the identity token of the token's user, at vendors that require one
    /// (<see cref="TokenCapabilities.RequiresIdToken"/>); null if there is none.
    /// </summary>
    public Func<CancellationToken, ValueTask<TokenSecret>>? ReadIdToken { get; init; }

    internal string Prefix => NamePrefix ?? Name;

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    /// <summary>
    /// Gets what is wrong with the lineage for tokens with given capabilities, as sentences that begin with the name of a property where
    /// one is wrong. A rotator refuses a lineage with problems.
    /// </summary>
    /// <param name="capabilities">The capabilities of the connection's tokens.</param>
    /// <returns>The problems; empty if there are none.</returns>
    public IReadOnlyList<string> Validate(TokenCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(capabilities);
        return [.. Problems(capabilities)];
    }

    internal string NewTokenName(int generation)
        => string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}-{generation}-{new string(RandomNumberGenerator.GetItems<char>(Alphabet, RandomLength))}");

    internal static string NewKey() => $"{KeyPrefix}{Guid.NewGuid():N}";

    /// <summary>Gets the generation in a token's name; null if it is not a token of this lineage.</summary>
    internal int? GenerationIn(string? tokenName)
    {
        if (tokenName is null || !tokenName.StartsWith(Prefix + '-', StringComparison.Ordinal))
            return null;
        var rest = Rest().Match(tokenName[(Prefix.Length + 1)..]);
        return rest.Success && int.TryParse(rest.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? generation : null;
    }

    /// <summary>Gets what is wrong with the lineage for the vendor of its connection, as sentences.</summary>
    internal IEnumerable<string> Problems(TokenCapabilities capabilities)
    {
        if (Name.Length > LongestName || !Word().IsMatch(Name))
            yield return $"{nameof(Name)} may have letters, digits, '.', '_' and '-' only, at most {LongestName}.";
        if (Sinks.Count == 0)
            yield return $"{nameof(Sinks)} is empty: a new secret must be written somewhere.";
        foreach (var consumer in Consumers)
        {
            if (SecretAcknowledgement.ProblemOf(consumer) is { } problem)
                yield return $"{nameof(Consumers)} has '{consumer}', which {problem}.";
        }

        if (Consumers.Distinct(StringComparer.Ordinal).Count() < Consumers.Count)
            yield return $"{nameof(Consumers)} has a name twice.";
        var limits = capabilities.Limits;
        var longest = NewTokenName(int.MaxValue);
        if (longest.Length > limits.MaxNameLength)
            yield return $"{nameof(NamePrefix)} '{Prefix}' is too long: with the generation and the random part, a name would have up to " +
                $"{longest.Length} characters, and the vendor takes {limits.MaxNameLength}.";
        if (limits.NamePattern is { } pattern && !Regex.IsMatch(longest, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
            yield return $"{nameof(NamePrefix)} '{Prefix}' has characters that the vendor doesn't take in a name.";
        foreach (var problem in Policy.Problems(capabilities))
            yield return $"{nameof(Policy)}: {problem}";
        foreach (var problem in ProblemsWithVendor(capabilities))
            yield return problem;
    }

    private IEnumerable<string> ProblemsWithVendor(TokenCapabilities capabilities)
    {
        if (IsConnectionCredential && !capabilities[TokenOperation.Get].References.HasFlag(TokenReferenceKinds.Self))
            yield return $"The client can't read the connection's own token, so it can't be proven that the connection uses the new one; " +
                $"set {nameof(IsConnectionCredential)} to false and use a second connection.";
        if (IsConnectionCredential && Policy.Mode == RotationMode.AllowOutage)
            yield return $"{nameof(RotationMode.AllowOutage)} is refused for the connection's own credential: once it is revoked, the " +
                "connection can't issue another one. Use a second connection for it, or overlap.";
        var create = capabilities[TokenOperation.Create];
        if (Policy.Mode == RotationMode.InPlace)
        {
            if (IsConnectionCredential)
                yield return $"{nameof(RotationMode.InPlace)} is refused for the connection's own credential: if the response is lost, " +
                    "nobody has a secret that works. Use a second connection for it, or overlap.";
            yield break;
        }

        if (create.Support == OperationSupport.Unsupported)
            yield return $"The vendor can't create tokens: {create.Remark} {create.Alternative}".TrimEnd();
        else if (capabilities.CreationRecovery is CreationRecovery.None or CreationRecovery.Unbounded
            || (capabilities.CreationRecovery == CreationRecovery.BoundedByExpiry && !capabilities.TokensCanExpire))
            yield return "If the response to a create is lost, nobody could find the token, and it would never expire. Such tokens are " +
                "not rotated.";
        if (capabilities.CreationRecovery == CreationRecovery.FindAndRevoke
            && capabilities[TokenOperation.List].Support == OperationSupport.Unsupported)
            yield return "A token whose response was lost is found in the vendor's list, and the vendor has none.";
        var revoke = capabilities[TokenOperation.Revoke];
        if (revoke.Support == OperationSupport.Unsupported)
            yield return $"The vendor can't revoke tokens: {revoke.Remark} {revoke.Alternative}".TrimEnd();
    }

    internal static bool IsNameOf(CreateTokenRequest request, string name, TokenCapabilities capabilities)
        => request.Name == name
        || (capabilities[TokenOperation.List].Support == OperationSupport.Unsupported && request.Description == name);

    [GeneratedRegex(@"^([0-9]{1,10})-[a-z2-7]{10}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rest();

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
