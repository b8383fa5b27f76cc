namespace Tokenwright.Benchmarks.Workload;

/// <summary>The requests that every candidate sends.</summary>
internal static class Request
{
    public const string TokenHeader = "Xms-Auth-Token";
    public const string Token = "0123456789abcdef0123456789abcdef";

    /// <summary>The name and password that a session token is exchanged for. The session token is <see cref="Token"/>.</summary>
    public const string Username = "benchmark";
    public const string Password = "a password for the benchmarks";

    /// <summary>The path of the exchange, from the service's address.</summary>
    public const string LoginPath = "auth/tokens:login";

    /// <summary>The largest number of tokens in a page of the list.</summary>
    public const int PageSize = 1000;

    /// <summary>The id of the token that is read by itself.</summary>
    public const long Id = 4711;

    public const string Name = "nightly-backup-export";
    public const string Description = "Used by the backup job of the storage team.";

    /// <summary>The secret in the response to a create.</summary>
    public const string IssuedSecret = "fedcba9876543210fedcba9876543210";

    public static readonly string[] Roles = ["observer", "backup-operator"];

    /// <summary>The address for candidates that use the transport in memory.</summary>
    public static readonly Uri CannedAddress = new("https://xms.example.net/v1/");
}
