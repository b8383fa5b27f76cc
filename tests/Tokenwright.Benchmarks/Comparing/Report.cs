using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>Prints the measurements.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void PrintJson(IReadOnlyList<Row> rows, TimeSpan duration) => Console.WriteLine(JsonSerializer.Serialize(
        new { Runtime = RuntimeInformation.FrameworkDescription, Environment.ProcessorCount,
            DurationSeconds = Math.Round(duration.TotalSeconds), Rows = rows },
        Json));

    public static void PrintTable(IReadOnlyList<Row> rows, TimeSpan duration)
    {
        foreach (var group in rows.GroupBy(row => (row.Part, row.Workload)))
        {
            Console.WriteLine();
            Console.WriteLine($"{group.Key.Part}: {group.Key.Workload}");
            Console.WriteLine(
                $"  {string.Empty,-36} {"time",6} {"quartiles",13} {"processor",10} {"measured",16} {"bytes",6} {"allocated",12}");
            foreach (var part in group.GroupBy(row => row.Group))
            {
                if (part.Key is not null)
                    Console.WriteLine($" {part.Key}");
                foreach (var row in part)
                    Console.WriteLine(Line(row).TrimEnd());
            }

            foreach (var compared in group.Where(row => row.Second is not null).GroupBy(row => row.Second!.With))
            {
                Console.WriteLine($" compared with {compared.Key} in the same round");
                foreach (var row in compared)
                    Console.WriteLine(Line(row.Candidate, row.Second!));
            }
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors, {duration.TotalSeconds:N0} seconds"));
    }

    private static string Line(Row row) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {row.Candidate,-36} {row.Ratio?.Median,6:N2} {Quartiles(row.Ratio),13} {row.ProcessorRatio?.Median,10:N2} " +
            $"{$"{row.Measured.Median:N1} {row.Unit}",16} {row.BytesRatio?.Median,6:N2} {row.Bytes,12:N0}");

    private static string Line(string candidate, SecondComparison second) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {candidate,-36} {second.Time.Median,6:N2} {Quartiles(second.Time),13} {second.Processor?.Median,10:N2} " +
            $"{string.Empty,16} {second.Bytes.Median,6:N2}");

    private static string Quartiles(Spread? spread) => spread is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"{known.LowerQuartile:N2}–{known.UpperQuartile:N2}") : string.Empty;
}
