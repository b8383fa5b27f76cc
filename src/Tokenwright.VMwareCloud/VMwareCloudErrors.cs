using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.VMwareCloud;

/// <summary>Reads the one shape of VMware's error bodies, <c>CspErrorResponse</c>, as documented and as seen live.</summary>
internal static class VMwareCloudErrors
{
    // Live responses have cspErrorCode and, beside requestId, traceId; errorCode is in the documents only. moduleCode (a number or text)
    // and metadata (anything) name no error, so they are left alone.
    public static VendorError Read(JsonElement body) => new()
    {
        Code = VendorError.Text(body, "cspErrorCode") ?? VendorError.Text(body, "errorCode"),
        Message = VendorError.Text(body, "message"),
        RequestId = VendorError.Text(body, "requestId") ?? VendorError.Text(body, "traceId"),
    };
}
