namespace Tokenwright;

/// <summary>Describes one problem of a request.</summary>
public sealed record TokenRequestProblem
{
    /// <summary>Initializes a new instance of the <see cref="TokenRequestProblem"/> class.</summary>
    /// <param name="field">
    /// The name of the property, as the caller or the vendor writes it; null if the problem concerns the whole request.
    /// </param>
    /// <param name="message">The description of the problem.</param>
    public TokenRequestProblem(string? field, string message)
    {
        Field = field;
        Message = message;
    }

    /// <summary>
    /// Gets the name of the property, as the caller or the vendor writes it; null if the problem concerns the whole request.
    /// </summary>
    public string? Field { get; }

    /// <summary>Gets the description of the problem.</summary>
    public string Message { get; }
}
