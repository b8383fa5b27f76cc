namespace Tokenwright.Testing;

/// <summary>Reads the text fields of a multipart/form-data body.</summary>
internal static class MultipartForm
{
    public static IReadOnlyDictionary<string, string> Read(ReceivedRequest request)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Parameter(request.Header("Content-Type") ?? string.Empty, "boundary") is not { Length: > 0 } boundary)
            return fields;
        foreach (var part in ("\r\n" + request.Body).Split("\r\n--" + boundary).Skip(1))
        {
            if (part.Split("\r\n\r\n", 2) is [var head, var text]
                && head.Split("\r\n")
                    .FirstOrDefault(line => line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase)) is { } disposition
                && Parameter(disposition, "name") is { } name)
                fields.TryAdd(name, text);
        }

        return fields;
    }

    private static string? Parameter(string header, string name)
        => header.Split(';').Select(parameter => parameter.Trim().Split('=', 2))
            .FirstOrDefault(parameter => parameter.Length == 2 && parameter[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1]
                .Trim('"');
}
