using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.SailPoint;

/// <summary>Reads the four shapes of SailPoint's error bodies.</summary>
internal static class SailPointErrors
{
    // ErrorResponseDto of the API; {error} at 401; {message} at 429; {error, error_description} of the token endpoint.
    public static VendorError Read(JsonElement body)
    {
        var error = VendorError.Text(body, "error");
        var description = VendorError.Text(body, "error_description");

        // The server says the same sentence once per locale.
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
