using Tokenwright.Rotation;

namespace Tokenwright.ConformanceTests;

/// <summary>Generates the table of how the tokens of each vendor are rotated, from the capabilities.</summary>
internal static class RotationTable
{
    private static readonly RotationPolicy Policy = new();

    public static string Write()
        => GeneratedDocs.Table(["", "a new token", "a create whose response is lost", "the old token"],
            ShippedSubject.Vendors.Select(subject => (subject.Name, Capabilities: subject.ReadCapabilities())).Select(vendor => new[]
            {
                vendor.Name, NewToken(vendor.Capabilities), Lost(vendor.Capabilities), OldToken(vendor.Capabilities),
            }));

    /// <summary>Gets what is wrong with a lineage of the default policy for such tokens.</summary>
    public static IReadOnlyList<string> ProblemsOf(TokenCapabilities capabilities) => new TokenLineage
    {
        Name = "any", Connection = "any", CreateRequest = name => new() { Name = name },
        Sinks = [new DelegateSecretSink("nowhere", (_, _) => Task.CompletedTask)], Policy = Policy,
    }.Validate(capabilities);

    private static string NewToken(TokenCapabilities of)
        => (of.RequiresIdToken ? "needs the id token of a sign-in in a browser; " : null)
            + (Policy.IsMintedShort(of) ? "lives for an hour until its secret is safe, then it is extended"
                : of.TokensCanExpire ? "has its full lifetime at once" : "never expires; the policy says when it is replaced")
            + (of[TokenOperation.Regenerate].Support == OperationSupport.Unsupported
                ? null : "; or in place: a new secret of the same token");

    private static string Lost(TokenCapabilities of) => of.CreationRecovery switch
    {
        CreationRecovery.Recoverable => "is found by its key, with its secret",
        CreationRecovery.FindAndRevoke => "is found by its name, and revoked",
        _ => "can't be found; the status lists it until it expires",
    };

    private static string OldToken(TokenCapabilities of)
        => (of[TokenOperation.Revoke].References.HasFlag(TokenReferenceKinds.Id) ? "is revoked by its id"
                : "can be revoked only with its secret, which the journal keeps encrypted")
            + (of.LastUsedGranularity is null ? "; its use isn't reported" : ", when the vendor reports no use")
            + (of.ExchangedCredentialLifetime is { } time && time > TimeSpan.Zero
                ? $"; credentials exchanged for it can work for {CapabilityPages.Text(time)} more" : null);
}
