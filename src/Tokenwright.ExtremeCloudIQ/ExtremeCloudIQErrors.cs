using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Reads the forms of ExtremeCloud IQ's error bodies.</summary>
internal static class ExtremeCloudIQErrors
{
    // The API sends XiqError, whose members differ between its versions. The gateway in front of it sends {code, message, details}.
    public static VendorError Read(JsonElement body)
    {
        var messages = new[]
        {
            VendorError.Text(body, "error_message") ?? VendorError.Text(body, "message"),
            VendorError.Text(body, "error_message_description") ?? VendorError.Text(body, "details"),
        };
        var message = string.Join(": ", messages.OfType<string>().Distinct());
        var code = VendorError.Text(body, "error_code") ?? VendorError.Text(body, "error_message_code") ?? VendorError.Text(body, "code");
        return new VendorError
        {
            Code = code,
            Message = message.Length > 0 ? message : null,
            RequestId = VendorError.Text(body, "error_id"),
            Problems = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error_params", out var parameters)
                && VendorError.Text(parameters, "field") is { } field
                ? [new(field, message.Length > 0 ? message : code ?? string.Empty)]
                : [],
        };
    }

    /// <summary>Gets the verdict of a refusal (401) about a token; undetermined if the API doesn't send such a body.</summary>
    public static TokenVerdict Verdict(ApiException refusal)
    {
        if (refusal.HasForeignBody)
            return TokenVerdict.Undetermined;
        return VendorError.Of(refusal, Read).Code == "AUTH_TOKEN_REVOKED" ? TokenVerdict.Revoked : TokenVerdict.Unknown;
    }
}
