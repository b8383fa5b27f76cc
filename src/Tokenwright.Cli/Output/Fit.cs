namespace Tokenwright.Cli.Output;

/// <summary>What may happen to a text that is wider than its column.</summary>
internal enum Fit
{
    /// <summary>Nothing: the column is as wide as its widest text. For ids, secrets and short words.</summary>
    Whole,

    /// <summary>Its end may be replaced by an ellipsis.</summary>
    Cut,

    /// <summary>It may continue on further lines, broken between words.</summary>
    Wrap,
}
