using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.VMwareCloud;

/// <summary>Reads VMware's error bodies, which all have the form <c>CspErrorResponse</c>, as documented and as observed.</summary>
internal static class VMwareCloudErrors
{
    // Observed responses have cspErrorCode, requestId and traceId; errorCode is only in the documents. moduleCode (a number or text) and
    // metadata (anything) don't identify an error, so they are ignored.
    public static VendorError Read(JsonElement body) => new()
    {
        Code = VendorError.Text(body, "cspErrorCode") ?? VendorError.Text(body, "errorCode"),
        Message = VendorError.Text(body, "message"),
        RequestId = VendorError.Text(body, "requestId") ?? VendorError.Text(body, "traceId"),
    };
}
