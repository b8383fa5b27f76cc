using System.Net;

namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a call to a vendor fails. It is the base class of the exceptions of <see cref="ITokenClient"/>. A
/// subclass exists for each failure that a caller handles differently.
/// </summary>
/// <remarks>Neither the message nor any property contains a secret or the body of a successful response.</remarks>
public class TokenClientException : Exception
{
    private readonly TokenFailure _failure;

    /// <summary>Initializes a new instance of the <see cref="TokenClientException"/> class.</summary>
    /// <param name="message">What failed, where, and what to do.</param>
    /// <param name="failure">The details of the failure.</param>
    /// <param name="innerException">The cause; null if there is none, or if it contains a secret.</param>
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
