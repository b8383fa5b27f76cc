namespace Tokenwright.Generated;

/// <summary>Represents the body of a typed client's request.</summary>
internal sealed class ApiContent(byte[] body, IReadOnlyList<string> secrets) : ByteArrayContent(body), IApiContent
{
    /// <inheritdoc />
    public IReadOnlyList<string> Secrets => secrets;
}
