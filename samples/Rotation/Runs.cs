using System.Diagnostics;
using System.Globalization;
using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Rotation;

/// <summary>Starts the runs of the rotation as processes, and kills those that meet a fault.</summary>
internal sealed class Runs(SailPointEmulator emulator, string folder)
{
    /// <summary>Gets when the rotation wants to run again.</summary>
    public DateTimeOffset NextAt { get; private set; }

    /// <summary>Gets the generation that the program uses.</summary>
    public int Generation { get; private set; }

    /// <summary>Gets whether no rotation is under way.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Runs what is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="deadly">The fault at which the process is killed; null for none.</param>
    public async Task RunAsync(DateTimeOffset now, Fault? deadly = null)
    {
        using var process = Start(now);
        var output = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                Read(line);
        });
        if (deadly is { Handled.IsCompleted: false } && await Task.WhenAny(deadly.Handled, output) == deadly.Handled)
        {
            process.Kill();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm}  (killed with SIGKILL)"));
            NextAt = now + TimeSpan.FromMinutes(1);
        }

        await output;
        await process.WaitForExitAsync();
    }

    private Process Start(DateTimeOffset now)
    {
        // "dotnet run" starts the program itself, and "dotnet Rotation.dll" the program dotnet.
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Runs).Assembly.Location] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. program, "run", now.ToString("O", CultureInfo.InvariantCulture)])
            { RedirectStandardOutput = true, WorkingDirectory = folder };
        start.Environment["SAIL_BASE_URL"] = emulator.ConnectionSettings["BaseAddress"];
        start.Environment["SAIL_CLIENT_ID"] = emulator.ConnectionSettings["ClientId"];
        start.Environment["SAIL_CLIENT_SECRET"] = emulator.ConnectionSettings["ClientSecret"];
        return Process.Start(start)!;
    }

    private void Read(string line)
    {
        if (!line.StartsWith(RotationRun.Next, StringComparison.Ordinal))
        {
            Console.WriteLine(line);
            return;
        }

        var words = line[RotationRun.Next.Length..].Split(' ');
        NextAt = DateTimeOffset.Parse(words[0], CultureInfo.InvariantCulture);
        Generation = int.Parse(words[1], CultureInfo.InvariantCulture);
        IsDone = words[2] == nameof(RotationStage.Done);
    }
}
