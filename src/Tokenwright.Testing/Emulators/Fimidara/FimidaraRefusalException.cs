using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>The exception that is thrown when the emulator refuses a request. It contains the response.</summary>
internal sealed class FimidaraRefusalException(VendorResponse response) : Exception
{
    public FimidaraRefusalException(int status, string name, string message, string? action = null)
        : this(Error(status, name, message, action))
    {
    }

    public VendorResponse Response => response;

    public static FimidaraRefusalException InvalidCredentials() => new(401, "InvalidCredentialsError", "Invalid credentials", "loginAgain");

    public static FimidaraRefusalException Denied(string message = "Permission denied") => new(403, "PermissionDeniedError", message);

    public static FimidaraRefusalException NotFound(string what) => new(404, "NotFoundError", $"{what} not found");

    public static FimidaraRefusalException ServerError() => new(500, "ServerError", "Server error");

    private static VendorResponse Error(int status, string name, string message, string? action)
    {
        var item = new JsonObject { ["name"] = name, ["message"] = message };
        if (action is not null)
            item["action"] = action;
        return VendorResponse.Json(status, new JsonObject { ["errors"] = new JsonArray(item) });
    }
}
