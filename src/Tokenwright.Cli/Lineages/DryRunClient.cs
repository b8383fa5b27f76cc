namespace Tokenwright.Cli.Lineages;

/// <summary>Lets a dry run end the creates too, which a rotation otherwise never cancels.</summary>
/// <param name="client">The client.</param>
/// <param name="end">Returns the token that ends the dry run.</param>
internal sealed class DryRunClient(ITokenClient client, Func<CancellationToken> end) : DelegatingTokenClient(client)
{
    public override Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default)
        => base.CreateAsync(request, end());

    public override Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => base.RegenerateAsync(reference, end());
}
