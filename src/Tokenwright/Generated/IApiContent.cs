namespace Tokenwright.Generated;

/// <summary>The body of a typed client's request.</summary>
internal interface IApiContent
{
    /// <summary>Gets the secrets in it.</summary>
    IReadOnlyList<string> Secrets { get; }
}
