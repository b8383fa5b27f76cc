using System.Text.Json;

namespace Tokenwright.Http;

/// <summary>What a vendor's error body says, read by the vendor's error reader.</summary>
public sealed class VendorError
{
    /// <summary>The vendor's code for the error.</summary>
    public string? Code { get; init; }

    /// <summary>The vendor's words.</summary>
    public string? Message { get; init; }

    /// <summary>The id by which the vendor's support finds the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>What is wrong with the request, member by member.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems { get; init; } = [];

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

    /// <summary>The elements of a member that is an array; none where it isn't one.</summary>
    /// <param name="element">The object; anything else has no members.</param>
    /// <param name="name">The member's name.</param>
    public static IEnumerable<JsonElement> Items(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : [];
}
