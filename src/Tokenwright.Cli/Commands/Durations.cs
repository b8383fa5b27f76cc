using System.Globalization;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Parses times and durations in arguments: <c>90d</c>, <c>12h</c>, <c>2027-01-31</c>, <c>2027-01-31T12:00:00Z</c>.</summary>
internal static class Durations
{
    public const string Forms = "a duration (30d, 12h, 45m, 90s, 2w) or a time of ISO 8601 (2027-01-31, 2027-01-31T12:00:00Z)";

    // 05/06/2027 is a day in May for some people and a day in June for others, so it isn't guessed.
    private static readonly string[] IsoForms =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Parses a duration.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (text.Length < 2 || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        TimeSpan? unit = text[^1] switch { 's' => TimeSpan.FromSeconds(1), 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1), 'w' => TimeSpan.FromDays(7), _ => null };
        return unit is { } one && number * one.TotalDays <= 365_000 ? one * number : null;
    }

    /// <summary>Parses a time, or a duration before or after the current time.</summary>
    public static DateTimeOffset Instant(string option, string text, DateTimeOffset now, bool isAhead)
        => Duration(text) is { } duration ? (isAhead ? now + duration : now - duration)
        : DateTimeOffset.TryParseExact(text, IsoForms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant
        : throw new CliException($"{option} must be {Forms}, not '{text}'.");

    /// <summary>Parses the expiry of a token.</summary>
    public static TokenExpiry Expiry(string option, string text)
        => text.Equals("never", StringComparison.OrdinalIgnoreCase) ? TokenExpiry.Never
        : Duration(text) is { } duration && duration > TimeSpan.Zero ? TokenExpiry.After(duration)
        : Duration(text) is not null ? throw new CliException($"{option} must be longer than zero.")
        : TokenExpiry.At(Instant(option, text, default, isAhead: true));

    /// <summary>Describes the expiry of a token, as the end of a sentence about the token.</summary>
    public static string Tell(TokenExpiry expiry)
        => expiry.IsNever ? "never expires"
        : expiry.Lifetime is { } lifetime ? $"expires in {TimeText.Duration(lifetime)}"
        : $"expires on {Shapes.Iso(expiry.Instant)}";
}
