using System.Diagnostics;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>Starts this program once more, as another process.</summary>
internal static class OwnProcess
{
    public static Process Start(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
