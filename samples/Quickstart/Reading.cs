using Tokenwright;

namespace Quickstart;

/// <summary>The result of reading a connection: tokens, or the reason why it failed.</summary>
internal sealed record Reading(TokenConnection Connection, IReadOnlyList<ApiToken> Tokens, string? Failure);
