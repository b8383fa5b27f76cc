namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>create</c> and <c>regenerate</c>.</summary>
internal sealed record IssuedRow(TokenRow Token, string? Secret, string Delivery);
