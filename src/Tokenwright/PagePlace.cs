using System.Globalization;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>
/// Where a page of a list begins, at vendors that page by an offset or by a number, and what tells the page before it when it comes again.
/// As text it is a continuation.
/// </summary>
/// <param name="Start">The offset or the number of the page; zero for the first one.</param>
/// <param name="Size">How many elements the list's first page had, or how many a page is asked for with; zero for the first page.</param>
/// <param name="IsMoreExpected">Whether the page before was exactly as long as asked for, or the vendor says that more follows.</param>
/// <param name="FirstId">The id of the first element of the page before; empty where it had none, null where that page wasn't read.</param>
public sealed record PagePlace(long Start, int Size, bool IsMoreExpected, string? FirstId)
{
    private static readonly PagePlace First = new(0, 0, false, null);

    /// <summary>Reads a continuation.</summary>
    /// <param name="continuation">What <see cref="ToString"/> gave; null for the first page.</param>
    /// <returns>The place; null if the text is not one.</returns>
    public static PagePlace? Parse(string? continuation)
    {
        if (continuation is null)
            return First;
        var parts = continuation.Split(':', 4);
        return parts.Length >= 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && parts[2] is ("more" or "short")
                ? new PagePlace(start, size, parts[2] == "more", parts.ElementAtOrDefault(3))
                : null;
    }

    /// <summary>
    /// Looks whether the page that begins here is the one before it once more: the vendor doesn't page, so that the list was whole with the
    /// page before.
    /// </summary>
    /// <param name="id">The id of the page's first element.</param>
    /// <exception cref="ApiException">It is, and the page before was not the whole list, so that the rest can't be reached.</exception>
    public bool IsRepeatedBy(string? id)
    {
        if (FirstId is null || FirstId != (id ?? string.Empty))
            return false;
        return IsMoreExpected || FirstId.Length == 0
            ? throw ApiException.Unreadable("A page of the list repeats the one before it, so the rest of the list can't be reached.")
            : true;
    }

    /// <summary>The place as a continuation.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture,
            $"{Start}:{Size}:{(IsMoreExpected ? "more" : "short")}{(FirstId is null ? string.Empty : ":")}{FirstId}");
}
