using System.Net;

namespace Tokenwright;

/// <summary>What is known of a failed call.</summary>
public sealed record TokenFailure
{
    /// <summary>Gets or initializes the vendor, as in <see cref="TokenClientMetadata.Vendor"/>.</summary>
    public required string Vendor { get; init; }

    /// <summary>Gets or initializes the connection's name.</summary>
    public required string Connection { get; init; }

    /// <summary>Gets or initializes the operation that failed.</summary>
    public required TokenOperation Operation { get; init; }

    /// <summary>Gets or initializes the HTTP status of the vendor's response; null if there was none.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Gets or initializes the vendor's own error code; null if it gave none.</summary>
    public string? VendorErrorCode { get; init; }

    /// <summary>
    /// Gets or initializes the vendor's own words about the error, shortened, with secrets redacted; null if it gave none.
    /// </summary>
    public string? VendorMessage { get; init; }

    /// <summary>Gets or initializes the id by which the vendor's support finds the request; null if it gave none.</summary>
    public string? VendorRequestId { get; init; }

    /// <summary>
    /// Gets or initializes how long to wait before the next call, as the vendor asks or as its rate limit requires; null if neither is
    /// known. A connection's <c>MaxRetryAfter</c> limits what the vendor asks.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets or initializes whether the same call may succeed later without a change.</summary>
    public bool IsTransient { get; init; }
}
