using System.Globalization;

namespace Tokenwright.Adapters;

/// <summary>
/// Represents where a page of a list begins, at vendors that page by an offset or by a page number. Its text form is a continuation.
/// </summary>
public sealed class PagePlace
{
    private static readonly PagePlace First = new(0, 0);

    /// <summary>Initializes a new instance of the <see cref="PagePlace"/> class.</summary>
    /// <param name="start">The offset or the page number; zero for the first page.</param>
    /// <param name="size">The number of elements on the list's first page, or the requested page size; zero for the first page.</param>
    public PagePlace(long start, int size)
    {
        Start = start;
        Size = size;
    }

    /// <summary>Gets the offset or the page number; zero for the first page.</summary>
    public long Start { get; }

    /// <summary>Gets the number of elements on the list's first page, or the requested page size; zero for the first page.</summary>
    public int Size { get; }

    /// <summary>Parses a continuation.</summary>
    /// <param name="continuation">The text from <see cref="ToString"/>; null for the first page.</param>
    /// <returns>The place; null if the text isn't valid.</returns>
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
