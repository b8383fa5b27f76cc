using System.Text.Json;
using Tokenwright.Adapters;

namespace Tokenwright.Fimidara;

/// <summary>Reads fimidara's error bodies, which have the same form in all generations.</summary>
internal static class FimidaraErrors
{
    // The form is {errors: [{name, message, field?, action?}]}. The status and the code are those of the first error. Only validation
    // errors name fields.
    public static VendorError Read(JsonElement body)
    {
        var errors = VendorError.Items(body, "errors").Where(error => error.ValueKind == JsonValueKind.Object).ToList();
        return new VendorError
        {
            Code = errors.Count > 0 ? VendorError.Text(errors[0], "name") : null,
            Message = errors.Count > 0
                ? string.Join("; ", errors.Select(error => VendorError.Text(error, "message")).OfType<string>()) : null,
            Problems =
            [
                .. errors
                    .Where(error => error.TryGetProperty("field", out _))
                    .Select(error =>
                        new TokenRequestProblem(VendorError.Text(error, "field"), VendorError.Text(error, "message") ?? string.Empty)),
            ],
        };
    }
}
