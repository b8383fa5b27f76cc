namespace Tokenwright;

/// <summary>The name of a connection and whose it is.</summary>
/// <param name="Vendor">The vendor's name as this SDK writes it.</param>
/// <param name="Name">The connection's name, which is the key of its <see cref="ITokenClient"/>.</param>
public sealed record TokenConnection(string Vendor, string Name);
