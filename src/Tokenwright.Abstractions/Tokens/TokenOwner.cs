namespace Tokenwright;

/// <summary>Represents the owner that a token acts for.</summary>
public sealed class TokenOwner
{
    /// <summary>Gets or initializes the vendor's id of the owner.</summary>
    public string? Id { get; init; }

    /// <summary>Gets or initializes the owner's name or sign-in name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets or initializes the kind of owner, in the vendor's terms, for example <c>IDENTITY</c> or <c>user</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Returns the name, or the id if there is no name.</summary>
    public override string ToString() => Name ?? Id ?? string.Empty;
}
