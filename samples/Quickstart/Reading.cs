using Tokenwright;

namespace Quickstart;

/// <summary>What reading a connection gave: tokens, or the reason why not.</summary>
internal sealed record Reading(TokenConnection Connection, IReadOnlyList<ApiToken> Tokens, string? Failure);
