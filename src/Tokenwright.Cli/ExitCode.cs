using Tokenwright.Cli.Output;

namespace Tokenwright.Cli;

/// <summary>Provides the tool's exit statuses; docs/cli.md has the table.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded, without findings.</summary>
    public const int Done = 0;

    /// <summary>The result is negative: findings of an audit, a token that doesn't work, or a token that doesn't exist.</summary>
    public const int Findings = 1;

    /// <summary>The command, a file or a setting is invalid, or the vendor doesn't support the operation. Nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary>A part succeeded, and another part failed.</summary>
    public const int Partial = 3;

    /// <summary>The vendor refused the credential, or the credential lacks a right.</summary>
    public const int Authentication = 4;

    /// <summary>The vendor couldn't be reached, reported an error of its own, or accepts no more calls for a while.</summary>
    public const int Unavailable = 5;

    /// <summary>A change may or may not have happened.</summary>
    public const int OutcomeUnknown = 6;

    /// <summary>Ctrl-C stopped the command. Shells use this status.</summary>
    public const int Interrupted = 130;

    /// <summary>The reader of the output has ended. Shells use this status. Nothing was changed.</summary>
    public const int ReaderGone = 141;

    /// <summary>Gets the exit status for a failure.</summary>
    /// <param name="failure">The failure.</param>
    public static int Of(Exception failure) => failure switch
    {
        CliException cli => cli.ExitCode,
        OutputLostException { IsReaderGone: true } => ReaderGone,
        TokenOutcomeUnknownException => OutcomeUnknown,
        TokenAuthenticationException or TokenPermissionException or SecretSourceException => Authentication,
        TokenServiceUnavailableException or TokenRateLimitedException or TokenInvalidResponseException => Unavailable,
        TokenNotFoundException => Findings,
        OperationCanceledException { InnerException: TokenOutcomeUnknownException } => OutcomeUnknown,
        OperationCanceledException => Interrupted,
        _ => Usage,
    };

    /// <summary>Gets the exit status of a command with several connections or tokens.</summary>
    /// <param name="failures">The statuses of the failures.</param>
    /// <param name="anySucceeded">Whether a part succeeded.</param>
    /// <param name="otherwise">The status if nothing failed.</param>
    public static int Of(IReadOnlyCollection<int> failures, bool anySucceeded, int otherwise)
        => failures.Count == 0 ? otherwise
        : failures.Contains(OutcomeUnknown) ? OutcomeUnknown
        : anySucceeded || failures.Distinct().Count() > 1 ? Partial
        : failures.First();
}
