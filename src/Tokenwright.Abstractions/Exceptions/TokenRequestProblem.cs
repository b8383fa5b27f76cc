namespace Tokenwright;

/// <summary>One thing that is wrong with a request.</summary>
public sealed record TokenRequestProblem
{
    /// <summary>Initializes a new instance of the <see cref="TokenRequestProblem"/> class.</summary>
    /// <param name="field">
    /// The member, by the name that the caller or the vendor knows it by; null where it is the request as a whole.
    /// </param>
    /// <param name="message">What is wrong with it.</param>
    public TokenRequestProblem(string? field, string message)
    {
        Field = field;
        Message = message;
    }

    /// <summary>
    /// Gets the member, by the name that the caller or the vendor knows it by; null where it is the request as a whole.
    /// </summary>
    public string? Field { get; }

    /// <summary>Gets what is wrong with the member.</summary>
    public string Message { get; }
}
