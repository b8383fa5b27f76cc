using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tokenwright.Adapters;

/// <summary>What a vendor's error body says, read by the vendor's error reader.</summary>
public sealed partial class VendorError
{
    /// <summary>Gets or initializes the vendor's code for the error.</summary>
    public string? Code { get; init; }

    /// <summary>Gets or initializes the vendor's words.</summary>
    public string? Message { get; init; }

    /// <summary>Gets or initializes the id by which the vendor's support finds the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets or initializes what is wrong with the request, member by member.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems { get; init; } = [];

    /// <summary>Reads the body of an error response. No body gives nothing; one that isn't JSON gives a message that says so.</summary>
    /// <param name="exception">The exception that holds the response.</param>
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
            return new VendorError { Message = "the body is too long to be read, or it holds a secret where no text is" };
        }
    }

    /// <summary>Reads an error that a success says in place of its list; nothing where it says none.</summary>
    /// <param name="exception">The exception that stands for the success without a list.</param>
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

    /// <summary>Reads a member of an object as text, whatever its type; null where it is absent, null or empty.</summary>
    /// <param name="element">The object; anything else has no members.</param>
    /// <param name="name">The member's name.</param>
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

    /// <summary>Gets the elements of a member that is an array; none where it isn't one.</summary>
    /// <param name="element">The object; anything else has no members.</param>
    /// <param name="name">The member's name.</param>
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

    // Half of a character, such as \ud800 on its own, may stand in JSON, but is no text: the framework throws where it is read, and where a
    // member is looked for beside it.
    private static string WithoutHalves(string json)
        => json.Contains("\\u", StringComparison.Ordinal)
            ? Escape().Replace(json, static escape => escape.Groups["half"].Success ? "\\ufffd" : escape.Value) : json;

    // Every escape, so that a backslash that is escaped itself doesn't look like the beginning of one.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Escape();
}
