using Tokenwright.Testing;

namespace Tokenwright.Cli.Emulation;

/// <summary>Puts tokens into emulators that an audit has something to say of: what accounts that grew over years look like.</summary>
internal static class Seeds
{
    /// <summary>Adds the tokens.</summary>
    public static void AddTo(VendorEmulator emulator, DateTimeOffset now)
    {
        switch (emulator)
        {
            case SailPointEmulator:
                Add(emulator, new()
                    { Name = "nightly-export", Scopes = ["sp:scopes:all"], CreatedAt = now.AddDays(-700), LastUsedAt = now.AddDays(-2) });
                Add(emulator, new() { Name = "nightly-export-2", Scopes = ["sp:scopes:default"], CreatedAt = now.AddDays(-300),
                    ExpiresAt = now.AddDays(6), LastUsedAt = now.AddDays(-1) });
                Add(emulator, new() { Name = "migration 2024", Scopes = ["sp:scopes:default"], CreatedAt = now.AddDays(-500),
                    ExpiresAt = now.AddDays(200), LastUsedAt = now.AddDays(-410) });
                Add(emulator, new() { Name = "trial of a contractor", Scopes = ["sp:scopes:default"], CreatedAt = now.AddDays(-120),
                    ExpiresAt = now.AddDays(-30) });
                for (var i = 1; i <= 4; i++)
                    Add(emulator, new() { Name = $"pipeline {(char)('a' + i - 1)}", Scopes = ["sp:scopes:default"],
                        CreatedAt = now.AddDays(-20 * i), ExpiresAt = now.AddDays(60 + i), LastUsedAt = now.AddDays(-1) });
                break;
            case FimidaraEmulator:
                Add(emulator, new() { Name = "thumbnail service", Description = "Makes small pictures", CreatedAt = now.AddDays(-90),
                    ExpiresAt = now.AddDays(9) });
                Add(emulator, new() { Name = "import of 2025", CreatedAt = now.AddDays(-330), ExpiresAt = now.AddDays(-150) });
                break;
            case XmsEmulator:
                Add(emulator, new() { Name = "backup", Roles = ["admin"], CreatedAt = now.AddDays(-1200) });
                Add(emulator, new() { Name = "backup old", Roles = ["admin"], CreatedAt = now.AddDays(-2100) });
                break;
            case VMwareCloudEmulator cloud:
                // This vendor has no list: only the connection's own token is seen.
                cloud.OwnToken.ExpiresAt = now.AddDays(8);
                cloud.OwnToken.Scopes = ["openid", "csp:org_owner"];
                cloud.OwnToken.Roles = ["csp:org_owner"];
                break;
        }
    }

    private static void Add(VendorEmulator emulator, EmulatedToken token) => emulator.Add(token);
}
