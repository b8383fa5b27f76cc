using Tokenwright;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace IssueAndRevoke;

/// <summary>Contains what differs between the vendors: what a new token needs, and how to use it.</summary>
internal static class Requests
{
    private static readonly TokenExpiry Hour = TokenExpiry.After(TimeSpan.FromHours(1));

    public static CreateTokenRequest For(string vendor, string name, bool isEmulated) => vendor switch
    {
        ExtremeCloudIQTokenClient.VendorName => new() { Description = name, Scopes = [new("auth:r"), new("logout")], Expiry = Hour },
        FimidaraTokenClient.VendorName => new() { Name = name, Expiry = Hour },
        SailPointTokenClient.VendorName => new() { Name = name, Scopes = [new("sp:scopes:default")], Expiry = Hour },
        VMwareCloudTokenClient.VendorName => new()
        {
            Name = name,
            Scopes = [new("openid")],
            Expiry = Hour,
            IdToken = isEmulated ? VMwareCloudEmulator.IdToken : new(Environment.GetEnvironmentVariable("VMWARE_ID_TOKEN")!),
        },
        XmsTokenClient.VendorName => new() { Name = name, Roles = [new("admin")] },
        _ => throw new InvalidOperationException($"{vendor} is new to this sample."),
    };

    /// <summary>Opens a connection that authenticates with the issued token, and reads what that token may read.</summary>
    public static async Task<bool> WorksAsync(ITokenClient client, IssuedToken issued)
    {
        var address = client.Metadata.BaseAddress;
        using ITokenClient own = client.Metadata.Vendor switch
        {
            ExtremeCloudIQTokenClient.VendorName =>
                new ExtremeCloudIQTokenClient("issued", new() { BaseAddress = address, ApiToken = issued.Secret }),
            FimidaraTokenClient.VendorName => new FimidaraTokenClient("issued", new() { BaseAddress = address, Token = issued.Secret }),
            SailPointTokenClient.VendorName => new SailPointTokenClient(
                "issued", new() { BaseAddress = address, ClientId = issued.Token.Id, ClientSecret = issued.Secret }),
            VMwareCloudTokenClient.VendorName =>
                new VMwareCloudTokenClient("issued", new() { BaseAddress = address, ApiToken = issued.Secret }),
            XmsTokenClient.VendorName => new XmsTokenClient("issued", new() { BaseAddress = address, AccessToken = issued.Secret }),
            _ => throw new InvalidOperationException($"{client.Metadata.Vendor} is new to this sample."),
        };
        try
        {
            return (await own.GetAsync(TokenReference.Self)).State == TokenState.Active;
        }
        catch (TokenClientException)
        {
            return false;
        }
    }
}
