using System.CommandLine;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Commands;

/// <summary>How a command is told which token is meant: by id, by key, by its secret, or the connection's own.</summary>
internal sealed class TokenChoice
{
    private readonly Argument<string?> _id = new("id") { Description = "The token's id at the vendor.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _self = new("--self") { Description = "The token that the connection itself works with." };
    private readonly Option<string?> _key = new("--key") { Description = "The key that the token's creator gave it.", HelpName = "key" };
    private readonly Option<string?> _secret = new("--secret")
        { Description = $"The token's secret, by where it comes from: {SecretSpec.Forms}. With an id, both.", HelpName = "source" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_id);
        foreach (var option in new Option[] { _self, _key, _secret })
            command.Options.Add(option);
    }

    /// <summary>Determines whether a token was named at all.</summary>
    public bool IsGiven(Invocation invocation)
        => invocation.Get(_id) is not null || invocation.Get(_self)
            || invocation.Get(_key) is not null || invocation.Get(_secret) is not null;

    /// <summary>Reads which token is meant.</summary>
    /// <exception cref="CliException">None is named, or in more than one way.</exception>
    public async Task<TokenReference> ReadAsync(Invocation invocation)
    {
        var (id, key, secret, self) = (invocation.Get(_id), invocation.Get(_key), invocation.Get(_secret), invocation.Get(_self));
        if (secret is not null && key is null && !self)
        {
            var value = await SecretSpec.ReadAsync("--secret", secret, invocation.Cancellation);
            return id is null ? TokenReference.BySecret(value) : TokenReference.ByIdAndSecret(id, value);
        }

        try
        {
            return (id, key, secret, self) switch
            {
                (not null, null, null, false) => TokenReference.ById(id),
                (null, not null, null, false) => TokenReference.ByKey(key),
                (null, null, null, true) => TokenReference.Self,
                (null, null, null, false) => throw new CliException("Name the token: its id, --key, --secret or --self."),
                _ => throw new CliException("Name the token in one way: its id, --key, --secret (with or without the id) or --self."),
            };
        }
        catch (ArgumentException exception)
        {
            throw new CliException(exception.Message.Split(" (Parameter")[0]);
        }
    }
}
