using System.Globalization;

namespace Tokenwright.Adapters;

/// <summary>
/// Where a page of a list begins, at vendors that page by an offset or by a number. As text it is a continuation.
/// </summary>
/// <param name="Start">The offset or the number of the page; zero for the first one.</param>
/// <param name="Size">How many elements the list's first page had, or how many a page is asked for with; zero for the first page.</param>
public sealed record PagePlace(long Start, int Size)
{
    private static readonly PagePlace First = new(0, 0);

    /// <summary>Reads a continuation.</summary>
    /// <param name="continuation">What <see cref="ToString"/> gave; null for the first page.</param>
    /// <returns>The place; null if the text is not one.</returns>
    public static PagePlace? Parse(string? continuation)
    {
        if (continuation is null)
            return First;
        return continuation.Split(':') is [var first, var second]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? new PagePlace(start, size)
                : null;
    }

    /// <summary>Returns the place as a continuation.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}:{Size}");
}
