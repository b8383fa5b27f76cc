using System.Globalization;

namespace Tokenwright.Cli.Output;

/// <summary>Tells times to people: the day, and how far away it is.</summary>
internal sealed class TimeText(DateTimeOffset now, bool isWide)
{
    /// <summary>Gets the instant that times are told by.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>Gets a time, for example <c>2026-12-01 (in 6 d)</c>; in a narrow table <c>in 6 d</c> alone.</summary>
    public string? Tell(DateTimeOffset? time)
        => time is not { } known ? null
        : isWide ? $"{known.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} ({Relative(known)})"
        : Relative(known);

    /// <summary>Gets how far away a time is.</summary>
    public string Relative(DateTimeOffset time)
    {
        var distance = time - Now;
        var amount = Duration(distance.Duration());
        return distance < TimeSpan.Zero ? $"{amount} ago" : $"in {amount}";
    }

    /// <summary>Gets a duration in its largest fitting unit.</summary>
    public static string Duration(TimeSpan time)
    {
        var (number, unit) = time.TotalDays >= 730 ? (time.TotalDays / 365.25, "y")
            : time.TotalDays >= 1 ? (time.TotalDays, "d")
            : time.TotalHours >= 1 ? (time.TotalHours, "h")
            : time.TotalMinutes >= 1 ? (time.TotalMinutes, "min")
            : (time.TotalSeconds, "s");
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(number)} {unit}");
    }
}
