namespace Tokenwright.Testing;

/// <summary>Represents how a request identifies its token.</summary>
internal sealed record FimidaraSelector(string? WorkspaceId, string? Id, string? Key, bool? OnReferenced);
