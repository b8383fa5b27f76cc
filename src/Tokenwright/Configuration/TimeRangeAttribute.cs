using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Tokenwright;

/// <summary>Specifies the range of a <see cref="TimeSpan"/>, including its ends.</summary>
/// <remarks>
/// The framework's <c>[Range(typeof(TimeSpan), …)]</c> converts its limits by reflection, which causes a warning (IL2026) in a program
/// that is trimmed or compiled ahead of time.
/// </remarks>
/// <param name="shortest">The minimum, as text: <c>00:00:01</c> is one second.</param>
/// <param name="longest">The maximum, as text: <c>1.00:00:00</c> is one day.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeRangeAttribute(string shortest, string longest) : ValidationAttribute
{
    /// <summary>Gets the minimum, as text.</summary>
    public string Shortest => shortest;

    /// <summary>Gets the maximum, as text.</summary>
    public string Longest => longest;

    /// <inheritdoc />
    public override bool IsValid(object? value)
        => value is null || (value is TimeSpan time && time >= Parse(shortest) && time <= Parse(longest));

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) => $"{name} must be between {shortest} and {longest}.";

    private static TimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
