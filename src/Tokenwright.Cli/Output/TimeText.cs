using System.Globalization;

namespace Tokenwright.Cli.Output;

/// <summary>Formats times for people, as a date and a relative time.</summary>
internal sealed class TimeText(DateTimeOffset now, bool isWide)
{
    /// <summary>Gets the current time, to which relative times refer.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>Formats a time, for example <c>2026-12-01 (in 6 d)</c>, or in a narrow table only <c>in 6 d</c>.</summary>
    public string? Tell(DateTimeOffset? time)
        => time is not { } known ? null
        : isWide ? $"{known.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} ({Relative(known)})"
        : Relative(known);

    /// <summary>Formats a time relative to the current time.</summary>
    public string Relative(DateTimeOffset time)
    {
        var distance = time - Now;
        if (distance.Duration() < TimeSpan.FromSeconds(1))
            return "now";
        var amount = Duration(distance.Duration());
        return distance < TimeSpan.Zero ? $"{amount} ago" : $"in {amount}";
    }

    /// <summary>Formats a duration in its largest fitting unit.</summary>
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
