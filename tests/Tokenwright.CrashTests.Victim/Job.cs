using Microsoft.Extensions.Configuration;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace Tokenwright.CrashTests.Victim;

/// <summary>The job of a victim. Every later start uses the same job.</summary>
public sealed class Job
{
    /// <summary>Gets the vendor's name, as in the SDK.</summary>
    public required string Vendor { get; init; }

    /// <summary>Gets the options of the connection.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Gets the directory of the journal and the secrets.</summary>
    public required string Directory { get; init; }

    /// <summary>Gets the tokens to create, in this order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Gets whether the names are also the keys.</summary>
    public bool HasKeys { get; init; }

    /// <summary>Gets when the tokens expire; null for <see cref="Lifetime"/> after their creation.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the lifetime of the tokens.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>Gets what to do when a response is lost.</summary>
    public UnknownOutcomeAction IfOutcomeUnknown { get; init; }

    /// <summary>Gets the identity token that VMware requires.</summary>
    public string? IdToken { get; init; }

    /// <summary>Gets whether the store confirms nothing when it stores the secret of the last token.</summary>
    public bool IsLastWithoutResponse { get; init; }

    /// <summary>Gets the path of the journal.</summary>
    public string Journal => Path.Combine(Directory, "journal");

    /// <summary>Gets the store of the secrets.</summary>
    public SecretFiles Secrets => new(Path.Combine(Directory, "secrets"), IsLastWithoutResponse ? Names[^1] : null);

    private TokenExpiry Expiry => ExpiresAt is { } instant ? TokenExpiry.At(instant) : TokenExpiry.After(Lifetime);

    /// <summary>Creates the client.</summary>
    public ITokenClient Connect()
    {
        var vendor = TokenVendors.Find(Vendor)!;
        var options = vendor.CreateOptions();
        new ConfigurationBuilder().AddInMemoryCollection(Settings!).Build().Bind(options);
        return vendor.CreateClient("crash", options);
    }

    /// <summary>Creates the issuer of the tokens, which also resolves what an earlier run left behind.</summary>
    /// <param name="client">The connection.</param>
    public JournaledTokenIssuer Issuer(ITokenClient client) => new(client, Secrets, Journal, RequestFor);

    private CreateTokenRequest RequestFor(string name) => Vendor switch
    {
        ExtremeCloudIQTokenClient.VendorName =>
            new() { Description = name, Scopes = [new("auth:r"), new("logout")], Expiry = Expiry, IfOutcomeUnknown = IfOutcomeUnknown },
        FimidaraTokenClient.VendorName when Settings["TokenKind"].StartsWith(
            nameof(FimidaraTokenKind.ProgramAccessToken), StringComparison.Ordinal)
            => new() { Name = name, Expiry = TokenExpiry.Never, IfOutcomeUnknown = IfOutcomeUnknown },
        FimidaraTokenClient.VendorName =>
            new() { Name = name, Key = HasKeys ? name : null, Expiry = Expiry, IfOutcomeUnknown = IfOutcomeUnknown },
        SailPointTokenClient.VendorName =>
            new() { Name = name, Scopes = [new("sp:scopes:default")], Expiry = Expiry, IfOutcomeUnknown = IfOutcomeUnknown },
        VMwareCloudTokenClient.VendorName => new()
        {
            Name = name,
            Scopes = [new("openid")],
            Expiry = Expiry,
            IdToken = new TokenSecret(IdToken!),
            IfOutcomeUnknown = IfOutcomeUnknown,
        },
        XmsTokenClient.VendorName =>
            new() { Name = name, Roles = [new("auditor")], Expiry = TokenExpiry.Never, IfOutcomeUnknown = IfOutcomeUnknown },
        _ => throw new InvalidOperationException($"{Vendor} is new to this program."),
    };
}
