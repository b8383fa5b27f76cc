namespace Tokenwright.Cli.Output;

/// <summary>How a command prints what it found.</summary>
internal enum OutputFormat
{
    /// <summary>A table for people.</summary>
    Table,

    /// <summary>One JSON document, with what failed in it.</summary>
    Json,

    /// <summary>One JSON object a line, each as soon as it is known.</summary>
    Jsonl,

    /// <summary>Comma-separated values (RFC 4180) with a line of names.</summary>
    Csv,

    /// <summary>A table in Markdown.</summary>
    Markdown,

    /// <summary>SARIF 2.1.0, for code-scanning pages; of an audit only.</summary>
    Sarif,
}
