namespace Tokenwright.FuzzTests;

/// <summary>The settings of a call, besides the responses to it.</summary>
internal sealed record FuzzSettings(int MaxRetries, int MaxResponseBytes);
