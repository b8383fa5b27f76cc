namespace Quickstart;

/// <summary>The program's arguments.</summary>
internal sealed record Arguments(string? ConfigFile, string? StoppedVendor)
{
    public static bool TryParse(string[] args, out Arguments arguments, out string? problem)
    {
        arguments = new(null, null);
        problem = null;
        for (var i = 0; i < args.Length && problem is null; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--config" when File.Exists(value):
                    arguments = arguments with { ConfigFile = value };
                    break;
                case "--stop" when EmulatorSet.Vendors.Contains(value, StringComparer.OrdinalIgnoreCase):
                    arguments = arguments with { StoppedVendor = value };
                    break;
                case "--config":
                    problem = $"--config needs a JSON file; there is none at '{value}'.";
                    break;
                case "--stop":
                    problem = $"--stop needs one of {string.Join(", ", EmulatorSet.Vendors)}; '{value}' is none.";
                    break;
                default:
                    problem = $"Unknown argument '{args[i]}'. Known are --config FILE and --stop VENDOR.";
                    break;
            }
        }

        return problem is null;
    }
}
