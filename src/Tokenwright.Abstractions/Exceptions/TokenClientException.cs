using System.Net;

namespace Tokenwright;

/// <summary>
/// A call to a vendor failed. Root of all exceptions of this SDK; subclasses exist where a caller would act differently.
/// </summary>
/// <remarks>Neither the message nor any property holds a secret or the body of a successful answer.</remarks>
public class TokenClientException : Exception
{
    private readonly TokenFailure _failure;

    /// <summary>Makes the exception.</summary>
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

/// <summary>What is known of a failed call.</summary>
public sealed record TokenFailure
{
    /// <summary>The vendor, as in <see cref="TokenClientMetadata.Vendor"/>.</summary>
    public required string Vendor { get; init; }

    /// <summary>The connection's name.</summary>
    public required string Connection { get; init; }

    /// <summary>The operation that failed.</summary>
    public required TokenOperation Operation { get; init; }

    /// <summary>The HTTP status of the vendor's answer; null if there was none.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The vendor's own error code; null if it gave none.</summary>
    public string? VendorErrorCode { get; init; }

    /// <summary>The vendor's own words about the error, shortened, with secrets masked; null if it gave none.</summary>
    public string? VendorMessage { get; init; }

    /// <summary>The id by which the vendor's support finds the request; null if it gave none.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>How long the vendor asks to wait before the next try; null if it doesn't say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same call may succeed later without a change.</summary>
    public bool IsTransient { get; init; }
}
