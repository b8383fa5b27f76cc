using System.CommandLine;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides the options that identify a token: by id, by key, by its secret, or as the connection's own.</summary>
internal sealed class TokenChoice
{
    private readonly Argument<string?> _id = new("id") { Description = "The token's id at the vendor.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _self = new("--self") { Description = "The token that the connection itself uses." };
    private readonly Option<string?> _key = new("--key") { Description = "The key that the token's creator chose.", HelpName = "key" };
    private readonly Option<string?> _secret = new("--secret")
        { Description = $"The source of the token's secret: {SecretSpec.Forms}. It can be combined with an id.", HelpName = "source" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_id);
        foreach (var option in new Option[] { _self, _key, _secret })
            command.Options.Add(option);
    }

    /// <summary>Determines whether the options identify a token.</summary>
    public bool IsGiven(Invocation invocation)
        => invocation.Get(_id) is not null || invocation.Get(_self)
            || invocation.Get(_key) is not null || invocation.Get(_secret) is not null;

    /// <summary>Reads the reference to the token.</summary>
    /// <exception cref="CliException">No token is identified, or it is identified in more than one way.</exception>
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
