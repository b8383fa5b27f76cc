namespace Tokenwright.Http;

/// <summary>The body of a typed client's request.</summary>
internal interface IApiContent
{
    /// <summary>The secrets in it.</summary>
    IReadOnlyList<string> Secrets { get; }
}
