using System.CommandLine;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides the options that identify a token: by id, by key, by its secret, or as the connection's own.</summary>
internal sealed class TokenChoice
{
    private readonly Argument<string?> _id = new("id") { Description = "The token's id at the vendor.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]>? _ids;
    private readonly Option<bool> _self = new("--self") { Description = "The token that the connection itself uses." };
    private readonly Option<string?> _key = new("--key") { Description = "The key that the token's creator chose.", HelpName = "key" };
    private readonly Option<string?> _secret = new("--secret")
        { Description = $"The source of the token's secret: {SecretSpec.Forms}. It can be combined with an id.", HelpName = "source" };

    /// <summary>Creates the options.</summary>
    /// <param name="takesMany">Whether several ids can be given.</param>
    public TokenChoice(bool takesMany = false)
        => _ids = takesMany
            ? new("id") { Description = "The ids of the tokens at the vendor.", Arity = ArgumentArity.ZeroOrMore } : null;

    public void AddTo(Command command)
    {
        command.Arguments.Add((Argument?)_ids ?? _id);
        foreach (var option in new Option[] { _self, _key, _secret })
            command.Options.Add(option);
    }

    /// <summary>Determines whether the options identify a token.</summary>
    public bool IsGiven(Invocation invocation)
        => Ids(invocation).Count > 0 || invocation.Get(_self)
            || invocation.Get(_key) is not null || invocation.Get(_secret) is not null;

    /// <summary>Determines whether the options identify several tokens.</summary>
    public bool IsOfMany(Invocation invocation) => Ids(invocation).Count > 1;

    /// <summary>Reads the reference to the token.</summary>
    /// <exception cref="CliException">No token is identified, or it is identified in more than one way.</exception>
    public async Task<TokenReference> ReadAsync(Invocation invocation) => (await ReadAllAsync(invocation))[0];

    /// <summary>Reads the references to the tokens, each once.</summary>
    /// <exception cref="CliException">No token is identified, or it is identified in more than one way.</exception>
    public async Task<IReadOnlyList<TokenReference>> ReadAllAsync(Invocation invocation)
    {
        var ids = Ids(invocation);
        var (key, secret, self) = (invocation.Get(_key), invocation.Get(_secret), invocation.Get(_self));
        if (secret is not null && key is null && !self && ids.Count <= 1)
        {
            var value = await SecretSpec.ReadAsync("--secret", secret, invocation.Cancellation);
            return [ids.Count == 0 ? TokenReference.BySecret(value) : TokenReference.ByIdAndSecret(ids[0], value)];
        }

        try
        {
            return (ids.Count, key, secret, self) switch
            {
                ( > 0, null, null, false) => [.. ids.Select(TokenReference.ById)],
                (0, not null, null, false) => [TokenReference.ByKey(key)],
                (0, null, null, true) => [TokenReference.Self],
                (0, null, null, false) => throw new CliException("Name the token: its id, --key, --secret or --self."),
                _ => throw new CliException("Name the token in one way: its id, --key, --secret (with or without the id) or --self."),
            };
        }
        catch (ArgumentException exception)
        {
            throw new CliException($"'{string.Join("', '", key is null ? ids : [key])}': {exception.Message.Split(" (Parameter")[0]}");
        }
    }

    private List<string> Ids(Invocation invocation)
        => [.. (_ids is not null ? invocation.Get(_ids) ?? [] : invocation.Get(_id) is { } id ? [id] : [])
            .Distinct(StringComparer.Ordinal)];
}
