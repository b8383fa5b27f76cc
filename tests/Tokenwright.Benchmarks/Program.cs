using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Tokenwright.Benchmarks.Comparing;
using Tokenwright.Benchmarks.Profiling;
using Tokenwright.Benchmarks.Rotating;
using Tokenwright.Benchmarks.Soaking;
using Tokenwright.Benchmarks.Workload;

// README.md in this folder describes what each mode measures, and how to repeat it.
try
{
    switch (args)
    {
        case ["compare", ..]:
            return await Comparison.RunAsync(ComparisonOptions.Parse(args.AsSpan(1)));
        case ["bdn", ..]:
            BenchmarkSwitcher.FromAssembly(typeof(Server).Assembly).Run(
                args[1..],
                DefaultConfig.Instance
                    .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet.Artifacts"))
                    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(40)));
            return 0;
        case ["allocations", var candidate, var workload]:
            return await Profile.RunAsync(candidate, workload);
        case ["repeat", var candidate, var workload, var seconds]:
            return await Profile.RepeatAsync(
                candidate, workload, TimeSpan.FromSeconds(int.Parse(seconds, NumberStyles.None, CultureInfo.InvariantCulture)));
        case ["soak"]:
            return await Soak.RunAsync(Soak.DefaultCalls);
        case ["soak", "--calls", var calls]:
            return await Soak.RunAsync(long.Parse(calls, NumberStyles.None, CultureInfo.InvariantCulture));
        case ["rotate", ..]:
            return await RotationScale.RunAsync(args.AsMemory(1));
        case ["serve-owners", var owners]:
            await OwnersServer.RunAsync(int.Parse(owners, NumberStyles.None, CultureInfo.InvariantCulture));
            return 0;
        case ["serve"]:
            await Server.RunAsync(0);
            return 0;
        case ["serve", "--port", var port]:
            await Server.RunAsync(int.Parse(port, NumberStyles.None, CultureInfo.InvariantCulture));
            return 0;
        case ["slow-bodies", var candidate, var server, var inFlight]:
            await SlowBodiesPart.RunChildAsync(
                candidate, new Uri(server), int.Parse(inFlight, NumberStyles.None, CultureInfo.InvariantCulture));
            return 0;
        default:
            Console.Error.WriteLine(
                "Say what to do: compare [--only part[/workload]] [--rounds n] [--smoke] [--json], bdn [BenchmarkDotNet's arguments], " +
                    "soak [--calls n], rotate [--lineages n] [--calls n], allocations candidate workload, " +
                    "repeat candidate workload seconds, or serve [--port n].");
            return 2;
    }
}
catch (ArgumentException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
