namespace Tokenwright.FuzzTests;

/// <summary>What a call is made with, beside the responses to it.</summary>
internal sealed record FuzzSettings(int MaxRetries, int MaxResponseBytes);
