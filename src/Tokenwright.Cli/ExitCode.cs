using Tokenwright.Cli.Output;

namespace Tokenwright.Cli;

/// <summary>What the tool's exit status says; docs/cli.md has the table.</summary>
internal static class ExitCode
{
    /// <summary>All was done, and there is nothing to complain of.</summary>
    public const int Done = 0;

    /// <summary>The response is not the good one: findings of an audit, a token that doesn't work, or that isn't there.</summary>
    public const int Findings = 1;

    /// <summary>The command, a file or a setting is wrong, or the vendor can't do what was asked. Nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary>A part was done, another one failed.</summary>
    public const int Partial = 3;

    /// <summary>The vendor refused the credential, or it may not do this.</summary>
    public const int Authentication = 4;

    /// <summary>The vendor could not be reached, has a fault, or takes no more calls for now.</summary>
    public const int Unavailable = 5;

    /// <summary>A change may or may not have happened.</summary>
    public const int OutcomeUnknown = 6;

    /// <summary>Stopped by Ctrl-C, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>Whatever read the output has ended, as shells report it. Nothing was changed.</summary>
    public const int ReaderGone = 141;

    /// <summary>Gets the status that a failure leads to.</summary>
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

    /// <summary>Gets the status of a command that worked on several connections or tokens.</summary>
    /// <param name="failures">The statuses of what failed.</param>
    /// <param name="anySucceeded">Whether something was done.</param>
    /// <param name="otherwise">The status where nothing failed.</param>
    public static int Of(IReadOnlyCollection<int> failures, bool anySucceeded, int otherwise)
        => failures.Count == 0 ? otherwise
        : failures.Contains(OutcomeUnknown) ? OutcomeUnknown
        : anySucceeded || failures.Distinct().Count() > 1 ? Partial
        : failures.First();
}
