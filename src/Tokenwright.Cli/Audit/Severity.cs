namespace Tokenwright.Cli.Audit;

/// <summary>Specifies the severity of a finding.</summary>
internal enum Severity
{
    /// <summary>No finding has this severity. As a limit, it means that findings never make the audit fail.</summary>
    None,

    /// <summary>The finding alone is no danger.</summary>
    Low,

    /// <summary>The finding should be fixed within days.</summary>
    Medium,

    /// <summary>A leaked secret would do great or lasting harm.</summary>
    High,
}
