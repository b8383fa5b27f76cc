using System.CommandLine;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// Finds out whether a change affects the token that the connection itself works with. Such a change can end the access of everything that
/// uses the connection.
/// </summary>
internal static class OwnCredential
{
    public static Option<bool> Allow { get; } =
        new("--own-credential") { Description = "Allow the change of the token that the connection itself works with." };

    /// <summary>Checks whether the change of one token is allowed.</summary>
    /// <returns>A sentence for the prompt about what happens to the connection; null if the token isn't its own.</returns>
    /// <exception cref="CliException">The token is the connection's own, or may be, and the change isn't allowed.</exception>
    public static async Task<string?> CheckAsync(Invocation invocation, TokenOperation operation, TokenToChange token)
        => (await FindAsync(operation, [token], invocation.Cancellation))(token) is not var (effect, status) ? null
            : invocation.Get(Allow) ? effect
            : throw new CliException($"{effect} To change it anyway, use --own-credential. Nothing was changed.", status);

    /// <summary>Reads which token a connection itself works with.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="tokens">The tokens to change, of one connection.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>
    /// A function that returns a sentence about what happens to the connection if the token is changed, and the exit status if it isn't
    /// allowed; null if the token isn't its own.
    /// </returns>
    public static async Task<Func<TokenToChange, (string Effect, int Status)?>> FindAsync(
        TokenOperation operation, IReadOnlyList<TokenToChange> tokens, CancellationToken cancellationToken)
    {
        // A connection whose token is switched on keeps its access.
        if (operation == TokenOperation.Resume || tokens.Count == 0)
            return _ => null;
        var connection = tokens[0].Connection;
        var secrets = await connection.ReadSecretsAsync(cancellationToken);
        ApiToken? own = null;
        (string, int)? doubt = null;

        // At some vendors, the credential contains the id of its token, or of the user's session that stands for it.
        if (tokens.All(token => token.Record?.Id is not null)
            && secrets.Select(connection.Definition.Vendor.Descriptor.GetTokenId).OfType<string>().FirstOrDefault() is { } id)
            own = new() { Vendor = connection.Vendor, Connection = connection.Name, Id = id };

        // A connection that signs in with a password may have no token of its own.
        else if (tokens.Any(HasName) && connection.Capabilities[TokenOperation.Get].References.HasFlag(TokenReferenceKinds.Self))
        {
            try
            {
                own = await connection.Client.GetAsync(TokenReference.Self, cancellationToken);
            }
            catch (TokenClientException failure) when (failure is TokenNotFoundException or TokenPermissionException
                or TokenServiceUnavailableException { Status: not null })
            {
                // Some vendors respond so if the connection works with a user's session.
                var question = $"It is unknown whether this is the token that connection '{connection.Name}' itself works with";
                doubt = ($"{question}: {failure.Message}", failure is TokenNotFoundException ? ExitCode.Usage : ExitCode.Of(failure));
            }
        }

        return token => token.Reference.Kind == TokenReferenceKinds.Self
            || (token.Reference.Secret is { } secret && secrets.Contains(secret)) || token.Is(own)
            ? (Effect(connection, operation), ExitCode.Usage)
            : HasName(token) ? doubt : null;
    }

    private static string Effect(OpenConnection connection, TokenOperation operation)
        => $"Connection '{connection.Name}' itself works with this token" + operation switch
        {
            TokenOperation.Update => ": a new expiry or new scopes apply to the connection, too.",
            TokenOperation.Regenerate =>
                ": it and everything else with the old secret is refused until the new secret is stored where they read it.",
            TokenOperation.Suspend => ": it is refused until another connection switches the token on again.",
            _ => ": it is refused from then on, until it has another token.",
        };

    private static bool HasName(TokenToChange token) => token.Reference.Id is not null || token.Reference.Key is not null;
}
