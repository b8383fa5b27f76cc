using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.Xms;

/// <summary>Reads XMS's error bodies, whose form isn't documented.</summary>
internal static class XmsErrors
{
    // No document describes an error body, and none was recorded. These are the text members of the vendor's stored error records, and the
    // common "error".
    private static readonly string[] TextMembers = ["message", "details", "error"];

    // Reconstructed: no source says how a login without its verification code is refused. The vendor's texts can be Chinese.
    private static readonly string[] CodeWords = ["verification", "verify code", "two-factor", "验证码", "校验码"];

    /// <summary>Gets whether the refusal of a login mentions a verification code.</summary>
    public static bool AsksForCode(ApiException refusal)
    {
        var error = VendorError.Of(refusal, Read);
        return !refusal.HasForeignBody
            && CodeWords.Any(word => $"{error.Code} {error.Message}".Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    public static VendorError Read(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.String)
            return new VendorError { Message = body.GetString() };
        var texts = TextMembers.Select(name => VendorError.Text(body, name)?.Trim()).OfType<string>().Distinct().ToList();
        return new VendorError
        {
            Code = VendorError.Text(body, "code"),
            Message = texts.Count > 0 ? string.Join(" ", texts) : null,
        };
    }
}
