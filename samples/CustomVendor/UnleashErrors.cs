using System.Text.Json;
using Tokenwright;
using Tokenwright.Adapters;

namespace Unleash.Tokens;

/// <summary>Reads Unleash's errors.</summary>
internal static class UnleashErrors
{
    private const string OtherType = "invalid token: expected a different token type";

    public static VendorError Read(JsonElement body) => new()
    {
        Code = VendorError.Text(body, "name"),
        Message = VendorError.Items(body, "details").Select(detail => VendorError.Text(detail, "message")).FirstOrDefault()
            ?? VendorError.Text(body, "message"),
        RequestId = VendorError.Text(body, "id"),
    };

    /// <summary>Reads the verdict on the token that made a refused request; null if the refusal is about something else.</summary>
    public static TokenVerdict? VerdictOf(ApiException refusal) => refusal switch
    {
        // The server knows the token of an application, and says that it isn't for this request.
        { StatusCode: 403 } when VendorError.Of(refusal, Read).Message?.StartsWith(OtherType, StringComparison.Ordinal) == true =>
            TokenVerdict.Active,
        { StatusCode: 401, HasForeignBody: false } => TokenVerdict.Unknown,
        _ => null,
    };
}
