using Tokenwright.Adapters;

namespace Tokenwright.Fimidara;

/// <summary>Creates the credential, which sends the JWT as a bearer token. The API has no credential exchange.</summary>
internal static class FimidaraCredential
{
    public static RequestCredential Create(Func<SecretSource> token) => new FixedCredential(token, RequestCredential.Bearer);
}
