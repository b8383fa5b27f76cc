namespace Tokenwright.Generated;

/// <summary>Represents a form in the body of a typed client's request.</summary>
internal sealed class ApiForm(
    IEnumerable<KeyValuePair<string, string?>> fields, IReadOnlyList<string> secrets) : FormUrlEncodedContent(fields), IApiContent
{
    /// <inheritdoc />
    public IReadOnlyList<string> Secrets => secrets;
}
