using System.Globalization;
using System.Text.Json.Serialization;

namespace Tokenwright.Cli.Output;

/// <summary>Represents a connection that couldn't be read, or a token that couldn't be changed.</summary>
internal sealed record FailureRow(string Vendor, string Connection, string Kind, string Message, int ExitCode)
{
    /// <summary>Gets whether the vendor responded, and the response couldn't be read.</summary>
    [JsonIgnore]
    public bool IsUnreadable => Kind == "invalidResponse";

    /// <summary>Creates the row for a failure.</summary>
    public static FailureRow Of(string vendor, string connection, Exception failure)
        => new(vendor, connection, KindOf(failure), failure.Message, Cli.ExitCode.Of(failure));

    // TokenServiceUnavailableException -> serviceUnavailable
    private static string KindOf(Exception failure)
    {
        if (failure is CliException or IOException or InvalidOperationException)
        {
            return Cli.ExitCode.Of(failure) switch
                { Cli.ExitCode.Authentication => "authentication", Cli.ExitCode.Usage => "configuration", _ => "other" };
        }

        var name = failure.GetType().Name.Replace("Token", string.Empty, StringComparison.Ordinal)
            .Replace("Exception", string.Empty, StringComparison.Ordinal);
        return name.Length == 0 ? "other" : string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(name[0])}{name[1..]}");
    }
}
