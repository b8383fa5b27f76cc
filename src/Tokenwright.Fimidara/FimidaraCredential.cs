using Tokenwright.Adapters;

namespace Tokenwright.Fimidara;

/// <summary>The JWT as bearer token. The API has no exchange: what authenticates is the token itself.</summary>
internal static class FimidaraCredential
{
    public static RequestCredential Create(Func<SecretSource> token) => new FixedCredential(token, RequestCredential.Bearer);
}
