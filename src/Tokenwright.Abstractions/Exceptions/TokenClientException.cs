using System.Net;

namespace Tokenwright;

/// <summary>
/// A call to a vendor failed. Root of all exceptions of this SDK; subclasses exist where a caller would act differently.
/// </summary>
/// <remarks>Neither the message nor any property holds a secret or the body of a successful response.</remarks>
public class TokenClientException : Exception
{
    private readonly TokenFailure _failure;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong, where, and what to do.</param>
    /// <param name="failure">What is known of the failure.</param>
    /// <param name="innerException">The cause, if there is one and it holds no secret.</param>
    public TokenClientException(string message, TokenFailure failure, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _failure = failure;
    }

    /// <inheritdoc cref="TokenFailure.Vendor" />
    public string Vendor => _failure.Vendor;

    /// <inheritdoc cref="TokenFailure.Connection" />
    public string Connection => _failure.Connection;

    /// <inheritdoc cref="TokenFailure.Operation" />
    public TokenOperation Operation => _failure.Operation;

    /// <inheritdoc cref="TokenFailure.Status" />
    public HttpStatusCode? Status => _failure.Status;

    /// <inheritdoc cref="TokenFailure.VendorErrorCode" />
    public string? VendorErrorCode => _failure.VendorErrorCode;

    /// <inheritdoc cref="TokenFailure.VendorMessage" />
    public string? VendorMessage => _failure.VendorMessage;

    /// <inheritdoc cref="TokenFailure.VendorRequestId" />
    public string? VendorRequestId => _failure.VendorRequestId;

    /// <inheritdoc cref="TokenFailure.RetryAfter" />
    public TimeSpan? RetryAfter => _failure.RetryAfter;

    /// <inheritdoc cref="TokenFailure.IsTransient" />
    public bool IsTransient => _failure.IsTransient;
}
