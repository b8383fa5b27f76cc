using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Provides the vendor's list of permissions.</summary>
internal static class ExtremeCloudIQPermissions
{
    // These are some of the more than a hundred names in the vendor's list.
    public static IReadOnlyList<string> Names { get; } =
    [
        "account", "account:r", "account:switch", "alert", "alert:r", "auth", "auth:r", "client", "client:r", "device", "device:list",
        "device:r", "device:view", "enduser", "enduser:r",
        "licenses", "licenses:r", "locations", "locations:r", "log", "log:r", "logout", "lro", "lro:r", "network-policy",
        "network-policy:r", "perm:check", "ssid", "ssid:r", "token:new",
        "user", "user-me:r", "user:r", "usergroup", "usergroup:r",
    ];

    // The vendor's list contains these requirements. Those of other requests aren't known to the emulator.
    private static readonly (string Method, string Path, string[] Permissions, string[] Roles)[] Requirements =
    [
        ("POST", "/login", [], []),
        ("POST", "/logout", ["logout"], ["OPERATOR", "HELP_DESK", "MONITOR", "ADMINISTRATOR", "INSTALLER", "OBSERVER", "GUEST_MANAGEMENT"]),
        ("POST", "/auth/apitoken", ["token:new", "auth"], ["OPERATOR", "ADMINISTRATOR", "MONITOR", "INSTALLER"]),
        ("GET", "/auth/apitoken/info", ["auth", "auth:r"], ["OPERATOR", "ADMINISTRATOR", "MONITOR", "OBSERVER"]),
        ("POST", "/auth/apitoken/:validate", ["auth"], ["OPERATOR", "ADMINISTRATOR"]),
        ("GET", "/auth/permissions", ["auth", "auth:r"], ["OPERATOR", "ADMINISTRATOR", "MONITOR", "OBSERVER"]),
        ("POST", "/auth/permissions/:check", ["perm:check", "auth"], ["OPERATOR", "ADMINISTRATOR"]),
    ];

    // A permission without a verb includes its whole category.
    public static bool Has(EmulatedToken token, string permission)
        => token.Scopes.Contains(permission) || token.Scopes.Contains(permission.Split(':')[0]);

    /// <summary>Gets the requirements of an operation. The address can be only a path.</summary>
    public static (IReadOnlyList<string> Permissions, IReadOnlyList<string> Roles) RequiredFor(string method, string uri)
    {
        var path = (Uri.TryCreate(uri, UriKind.Absolute, out var absolute) && !absolute.IsFile ? absolute.AbsolutePath : uri).Split('?')[0];
        var found = Requirements.FirstOrDefault(
            requirement => requirement.Path == path && requirement.Method.Equals(method, StringComparison.OrdinalIgnoreCase));
        return (found.Permissions ?? [], found.Roles ?? []);
    }

    public static JsonObject Record(string name) => new()
    {
        ["name"] = name,
        ["description"] = $"Allows {name}",
        ["category"] = name.Split(':')[0],
    };
}
