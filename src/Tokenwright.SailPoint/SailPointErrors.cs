using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.SailPoint;

/// <summary>Reads the four forms of SailPoint's error bodies.</summary>
internal static class SailPointErrors
{
    // The API sends ErrorResponseDto, {error} with 401 and {message} with 429. The token endpoint sends {error, error_description}.
    public static VendorError Read(JsonElement body)
    {
        var error = VendorError.Text(body, "error");
        var description = VendorError.Text(body, "error_description");

        // The server repeats the same sentence for each locale.
        var messages =
            VendorError.Items(body, "messages").Select(message => VendorError.Text(message, "text")).OfType<string>().Distinct().ToList();
        return new VendorError
        {
            Code = VendorError.Text(body, "detailCode") ?? (description is null ? null : error),
            Message = messages.Count > 0 ? string.Join(" ", messages) : description ?? error ?? VendorError.Text(body, "message")?.Trim(),
            RequestId = VendorError.Text(body, "trackingId"),
        };
    }
}
