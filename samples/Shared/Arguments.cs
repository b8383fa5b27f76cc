using Tokenwright.Testing;

namespace Tokenwright.Samples;

/// <summary>The arguments of a sample that works with connections.</summary>
/// <param name="ConfigFile">A JSON file with connections; null for none.</param>
/// <param name="StoppedVendor">The vendor whose emulator is stopped, as if it were down; null for none.</param>
internal sealed record Arguments(string? ConfigFile, string? StoppedVendor)
{
    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">The arguments are wrong; the message says why.</exception>
    public static Arguments Parse(string[] args)
    {
        var arguments = new Arguments(null, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            arguments = args[i] switch
            {
                "--config" when File.Exists(value) => arguments with { ConfigFile = value },
                "--config" => throw new ArgumentException($"--config needs a JSON file; there is none at '{value}'."),
                "--stop" when VendorEmulators.Vendors.Contains(value, StringComparer.OrdinalIgnoreCase) =>
                    arguments with { StoppedVendor = value },
                "--stop" => throw new ArgumentException(
                    $"--stop needs one of {string.Join(", ", VendorEmulators.Vendors)}; '{value}' is none."),
                _ => throw new ArgumentException($"Unknown argument '{args[i]}'. Known are --config FILE and --stop VENDOR."),
            };
        }

        return arguments;
    }
}
