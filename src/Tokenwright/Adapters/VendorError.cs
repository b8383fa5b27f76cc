using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tokenwright.Adapters;

/// <summary>Represents the content of a vendor's error body.</summary>
public sealed partial class VendorError
{
    /// <summary>Gets or initializes the vendor's code for the error.</summary>
    public string? Code { get; init; }

    /// <summary>Gets or initializes the vendor's message.</summary>
    public string? Message { get; init; }

    /// <summary>Gets or initializes the id that the vendor's support needs to find the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets or initializes the problems of the request, one for each field.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems { get; init; } = [];

    /// <summary>
    /// Reads the body of an error response. An empty body gives an empty error. A body that isn't JSON gives a message that says so.
    /// </summary>
    /// <param name="exception">The exception that contains the response.</param>
    /// <param name="reader">The vendor's reader of error bodies.</param>
    public static VendorError Of(ApiException exception, Func<JsonElement, VendorError> reader)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(reader);
        if (string.IsNullOrWhiteSpace(exception.Response))
            return new VendorError();
        if (exception.HasForeignBody)
            return new VendorError
                { Message = $"the body is {exception.GetHeader("Content-Type") ?? "of no stated type"}, not JSON; did something in front " +
                "of the API respond?" };
        try
        {
            return Of(exception.Response, reader);
        }
        catch (JsonException)
        {
            return new VendorError { Message = "the body is too long to be read, or it contains a secret outside of a text value" };
        }
    }

    /// <summary>Reads an error from a successful response that has no list; gives an empty error if there is none.</summary>
    /// <param name="exception">The exception for the response without a list.</param>
    /// <param name="reader">The vendor's reader of error bodies.</param>
    internal static VendorError OfSuccess(ApiException exception, Func<JsonElement, VendorError> reader)
    {
        try
        {
            return exception.BodyWithoutList is { } body ? Of(body, reader) : new VendorError();
        }
        catch (JsonException)
        {
            return new VendorError();
        }
    }

    /// <summary>Reads a property of an object as text, whatever its type; null if it is absent, null or empty.</summary>
    /// <param name="element">The object. Any other value has no properties.</param>
    /// <param name="name">The property's name.</param>
    public static string? Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value))
            return null;
        var text = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>Gets the elements of a property that is an array; none if it isn't an array.</summary>
    /// <param name="element">The object. Any other value has no properties.</param>
    /// <param name="name">The property's name.</param>
    public static IEnumerable<JsonElement> Items(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : [];

    private static VendorError Of(string json, Func<JsonElement, VendorError> reader)
    {
        using var body = JsonDocument.Parse(WithoutHalves(json));
        return reader(body.RootElement);
    }

    // JSON can contain half of a surrogate pair, such as \ud800 alone. The framework throws when it reads such a text or looks for a
    // property next to it.
    private static string WithoutHalves(string json)
        => json.Contains("\\u", StringComparison.Ordinal)
            ? Escape().Replace(json, static escape => escape.Groups["half"].Success ? "\\ufffd" : escape.Value) : json;

    // The pattern matches every escape, so that an escaped backslash isn't taken for the start of another one.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Escape();
}
