namespace Tokenwright.Generated;

/// <summary>Represents the body of a typed client's request.</summary>
internal interface IApiContent
{
    /// <summary>Gets the secrets in the body.</summary>
    IReadOnlyList<string> Secrets { get; }
}
