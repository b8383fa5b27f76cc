using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Tokenwright;

/// <summary>Requires that a time lies in a range, its ends included.</summary>
/// <remarks>
/// <c>[Range(typeof(TimeSpan), …)]</c> of the framework converts its limits by reflection, so a program that is trimmed or compiled ahead
/// of time is warned about it (IL2026).
/// </remarks>
/// <param name="shortest">The shortest time, as text: <c>00:00:01</c> is a second.</param>
/// <param name="longest">The longest time, as text: <c>1.00:00:00</c> is a day.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeRangeAttribute(string shortest, string longest) : ValidationAttribute
{
    /// <summary>Gets the shortest time, as text.</summary>
    public string Shortest => shortest;

    /// <summary>Gets the longest time, as text.</summary>
    public string Longest => longest;

    /// <inheritdoc />
    public override bool IsValid(object? value)
        => value is null || (value is TimeSpan time && time >= Parse(shortest) && time <= Parse(longest));

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) => $"{name} must be between {shortest} and {longest}.";

    private static TimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
