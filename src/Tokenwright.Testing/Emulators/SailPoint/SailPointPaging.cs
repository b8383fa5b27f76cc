namespace Tokenwright.Testing;

/// <summary>
/// Specifies what the lists of a <see cref="SailPointEmulator"/> do with <c>limit</c> and <c>offset</c>. No document declares them for
/// these lists, so it isn't known what the live service does.
/// </summary>
public enum SailPointPaging
{
    /// <summary>They are ignored: each response is the whole list.</summary>
    Ignored,

    /// <summary>
    /// They work as the vendor's general rules for lists say: a response has up to 250 tokens, which is also the default.
    /// </summary>
    Honoured,

    /// <summary>They are refused with HTTP 400, and a response without them is the whole list.</summary>
    Refused,
}
