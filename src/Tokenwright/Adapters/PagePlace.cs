using System.Globalization;

namespace Tokenwright.Adapters;

/// <summary>
/// Where a page of a list begins, at vendors that page by an offset or by a number. As text it is a continuation.
/// </summary>
public sealed class PagePlace
{
    private static readonly PagePlace First = new(0, 0);

    /// <summary>Initializes a new instance of the <see cref="PagePlace"/> class.</summary>
    /// <param name="start">The offset or the number of the page; zero for the first one.</param>
    /// <param name="size">How many elements the list's first page had, or how many a page is asked for with; zero for the first page.</param>
    public PagePlace(long start, int size)
    {
        Start = start;
        Size = size;
    }

    /// <summary>Gets the offset or the number of the page; zero for the first one.</summary>
    public long Start { get; }

    /// <summary>Gets how many elements the list's first page had, or how many a page is asked for with; zero for the first page.</summary>
    public int Size { get; }

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
