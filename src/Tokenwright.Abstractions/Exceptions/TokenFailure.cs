using System.Net;

namespace Tokenwright;

/// <summary>Contains the details of a failed call.</summary>
public sealed record TokenFailure
{
    /// <summary>Gets or initializes the vendor, as in <see cref="TokenClientMetadata.Vendor"/>.</summary>
    public required string Vendor { get; init; }

    /// <summary>Gets or initializes the connection's name.</summary>
    public required string Connection { get; init; }

    /// <summary>Gets or initializes the operation that failed.</summary>
    public required TokenOperation Operation { get; init; }

    /// <summary>Gets or initializes the HTTP status of the vendor's response; null if there was no response.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Gets or initializes the vendor's own error code; null if there is none.</summary>
    public string? VendorErrorCode { get; init; }

    /// <summary>Gets or initializes the vendor's own error message, shortened and with secrets redacted; null if there is none.</summary>
    public string? VendorMessage { get; init; }

    /// <summary>Gets or initializes the id that the vendor's support needs to find the request; null if there is none.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>
    /// Gets or initializes how long to wait before the next call, according to the vendor or its rate limit; null if neither is known. A
    /// connection's <c>MaxRetryAfter</c> limits the time that a vendor can ask for.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets or initializes whether the same call can succeed later without a change.</summary>
    public bool IsTransient { get; init; }
}
