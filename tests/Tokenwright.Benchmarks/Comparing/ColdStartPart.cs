using System.Diagnostics;
using System.Globalization;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Measures how long a program takes from its start to the first token of a list of 20 over loopback: the bare client, the SDK's facade by
/// its constructor, and the facade in a container; compiled while it runs, beforehand (ReadyToRun), or to native code. The programs run in
/// random order, and are compared within a round. Also counts the methods that the JIT compiler has compiled until then.
/// </summary>
internal static class ColdStartPart
{
    public const string Name = "coldstart";

    public static async Task<IReadOnlyList<Row>> RunAsync(ComparisonOptions options, ServerProcess server)
    {
        // Publishing takes longer than all measurements, so the programs are published only if this part is selected by name.
        if (options.Names(Name))
            await ColdStartPrograms.PublishAsync();
        var programs = ColdStartPrograms.Compilations
            .SelectMany(compilation => ColdStartPrograms.Clients.Select(
                client => new ColdProgram(client, compilation, ColdStartPrograms.Find(client, compilation))))
            .Where(program => program.File is not null)
            .ToArray();
        if (programs.Length < ColdStartPrograms.Compilations.Length * ColdStartPrograms.Clients.Length)
            Console.Error.WriteLine(
                $"{Name}: {programs.Length} of the programs are there and up to date; --only {Name} publishes the others.");

        Console.Error.WriteLine($"{Name} …");
        var address = server.At(Server.Few);
        programs = await WorkingAsync(programs, address);
        var samples = programs.ToDictionary(program => program, _ => new List<ColdStart>());
        var order = programs.ToArray();
        for (var round = 0; round < (options.IsSmoke ? 1 : options.Rounds ?? 15); round++)
        {
            Random.Shared.Shuffle(order);
            foreach (var program in order)
                samples[program].Add(await StartAsync(program, address));
        }

        return
        [
            .. programs.Select(program => ToRow(program, program.Compilation, "ms", start => start.Milliseconds)),
            .. programs.Where(program => samples[program].Any(start => start.Methods > 0))
                .Select(program => ToRow(program, $"{program.Compilation}, compiled while it runs", "methods", start => start.Methods)),
        ];

        Row ToRow(ColdProgram program, string workload, string unit, Func<ColdStart, double> value) => new(
            Name,
            workload,
            program.Client,
            Spread.Of(samples[program].Select(value)),
            unit,
            programs.FirstOrDefault(other => other.Client == "Bare" && other.Compilation == program.Compilation) is { } bare
                ? Spread.Of(samples[program].Zip(samples[bare], (one, other) => value(one) / value(other)))
                : null);
    }

    // The first start also loads the files into memory. If a program fails, the others are measured, but the exit code is not 0.
    private static async Task<ColdProgram[]> WorkingAsync(IEnumerable<ColdProgram> programs, Uri address)
    {
        var working = new List<ColdProgram>();
        foreach (var program in programs)
        {
            try
            {
                await StartAsync(program, address);
                working.Add(program);
            }
            catch (InvalidOperationException failure)
            {
                Console.Error.WriteLine(failure.Message);
                Environment.ExitCode = 1;
            }
        }

        return [.. working];
    }

    private static async Task<ColdStart> StartAsync(ColdProgram program, Uri address)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program.File!, [address.ToString()]) { RedirectStandardOutput = true })!;
        var name = await process.StandardOutput.ReadLineAsync();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var methods = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && name?.Length > 0
            ? new ColdStart(elapsed.TotalMilliseconds, int.Parse(methods!, NumberStyles.None, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException(
                $"{Name}: {program.Client}, {program.Compilation} printed no token, and ended with {process.ExitCode}.");
    }

    private readonly record struct ColdStart(double Milliseconds, int Methods);

    private sealed record ColdProgram(string Client, string Compilation, string? File);
}
