namespace Tokenwright.Testing;

/// <summary>How a request names its token.</summary>
internal sealed record FimidaraSelector(string? WorkspaceId, string? Id, string? Key, bool? OnReferenced);
