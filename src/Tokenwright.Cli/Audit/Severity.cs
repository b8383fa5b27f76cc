namespace Tokenwright.Cli.Audit;

/// <summary>How grave a finding is.</summary>
internal enum Severity
{
    /// <summary>No finding is so grave: the audit never fails by findings.</summary>
    None,

    /// <summary>Untidy: nobody is endangered by it alone.</summary>
    Low,

    /// <summary>Should be mended in the next days.</summary>
    Medium,

    /// <summary>A lost secret would do great or lasting harm.</summary>
    High,
}
