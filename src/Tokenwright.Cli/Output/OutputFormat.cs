namespace Tokenwright.Cli.Output;

/// <summary>Specifies the output format of a command.</summary>
internal enum OutputFormat
{
    /// <summary>A table for people.</summary>
    Table,

    /// <summary>One JSON document, which includes the failures.</summary>
    Json,

    /// <summary>One JSON object on each line.</summary>
    Jsonl,

    /// <summary>Comma-separated values (RFC 4180) with a header line.</summary>
    Csv,

    /// <summary>A table in Markdown.</summary>
    Markdown,

    /// <summary>SARIF 2.1.0, the format of code-scanning pages; only for audits.</summary>
    Sarif,
}
