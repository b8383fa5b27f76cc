using System.Globalization;
using Tokenwright;

namespace Quickstart;

/// <summary>Formats the members of a token.</summary>
internal static class TokenTexts
{
    public static string Rights(ApiToken token)
        => string.Join(", ", token.Scopes.Select(scope => scope.Value).Union(token.Roles.Select(role => role.Value)));

    public static string? Expiry(ApiToken token) => token.NeverExpires ? "never" : Day(token.ExpiresAt);

    public static string? Day(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
