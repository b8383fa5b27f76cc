using Microsoft.Extensions.Configuration;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace Tokenwright.CrashTests.Victim;

/// <summary>What a victim does, and what every later start works with as well.</summary>
public sealed class Job
{
    /// <summary>The vendor, as the SDK writes it.</summary>
    public required string Vendor { get; init; }

    /// <summary>The options of the connection.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The directory of the journal and the secrets.</summary>
    public required string Directory { get; init; }

    /// <summary>The tokens to issue, in this order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Whether their names are their keys too.</summary>
    public bool HasKeys { get; init; }

    /// <summary>When the tokens end; null ends them after <see cref="Lifetime"/>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long the tokens live.</summary>
    public TimeSpan Lifetime { get; init; }

    /// <summary>What to do when a response is lost.</summary>
    public UnknownOutcomeAction IfOutcomeUnknown { get; init; }

    /// <summary>The identity token that VMware requires.</summary>
    public string? IdToken { get; init; }

    /// <summary>Whether the secret of the last token is stored without a response that says so.</summary>
    public bool IsLastWithoutResponse { get; init; }

    /// <summary>The journal.</summary>
    public string Journal => Path.Combine(Directory, "journal");

    /// <summary>The secrets.</summary>
    public SecretFiles Secrets => new(Path.Combine(Directory, "secrets"), IsLastWithoutResponse ? Names[^1] : null);

    private TokenExpiry Expiry => ExpiresAt is { } instant ? TokenExpiry.At(instant) : TokenExpiry.After(Lifetime);

    /// <summary>Opens the connection.</summary>
    public ITokenClient Connect()
    {
        var vendor = TokenVendors.Find(Vendor)!;
        var options = vendor.CreateOptions();
        new ConfigurationBuilder().AddInMemoryCollection(Settings!).Build().Bind(options);
        return vendor.CreateClient("crash", options);
    }

    /// <summary>What issues its tokens and finds out what an earlier run left behind.</summary>
    /// <param name="client">The connection.</param>
    public JournaledTokenIssuer Issuer(ITokenClient client) => new(client, RequestFor, Secrets, Journal, TimeProvider.System);

    private CreateTokenRequest RequestFor(string name) => Vendor switch
    {
        ExtremeCloudIQTokenClient.VendorName =>
            new() { Description = name, Scopes = [new("auth:r"), new("logout")], Expiry = Expiry, IfOutcomeUnknown = IfOutcomeUnknown },
        FimidaraTokenClient.VendorName when Settings["TokenKind"] == nameof(FimidaraTokenKind.ProgramAccessToken)
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
