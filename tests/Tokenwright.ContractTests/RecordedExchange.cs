using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tokenwright.ContractTests;

/// <summary>One recorded request and its response.</summary>
internal sealed class RecordedExchange
{
    // The JSON style of the recorded servers.
    private static readonly JsonSerializerOptions OnTheWire = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private RecordedExchange(string name, JsonElement request, JsonElement response)
    {
        Name = name;
        Method = request.GetProperty("method").GetString()!;
        Path = request.GetProperty("path").GetString()!;
        RequestHeaders = Headers(request);
        RequestBody = Body(request);
        Status = response.GetProperty("status").GetInt32();
        ResponseHeaders = Headers(response);
        ResponseBody = Body(response);
    }

    /// <summary>Gets the folder and the file without its extension.</summary>
    public string Name { get; }

    public string Method { get; }

    public string Path { get; }

    /// <summary>Gets the operation's method and path. Servers ignore a trailing slash.</summary>
    public string MethodAndPath => $"{Method} {Path.TrimEnd('/')}";

    public IReadOnlyDictionary<string, string> RequestHeaders { get; }

    /// <summary>Gets the request's body as text; empty if there was none.</summary>
    public string RequestBody { get; }

    public int Status { get; }

    public IReadOnlyDictionary<string, string> ResponseHeaders { get; }

    /// <summary>Gets the response's body as text; empty if there was none.</summary>
    public string ResponseBody { get; }

    public static IReadOnlyList<RecordedExchange> ReadAll(string vendor)
    {
        var folder = System.IO.Path.Combine(AppContext.BaseDirectory, "Recordings", vendor);
        return
        [
            .. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file =>
                {
                    var exchange = JsonElement.Parse(File.ReadAllBytes(file));
                    var name = System.IO.Path.ChangeExtension(System.IO.Path.GetRelativePath(folder, file), null).Replace('\\', '/');
                    return new RecordedExchange(name, exchange.GetProperty("request"), exchange.GetProperty("response"));
                }),
        ];
    }

    public override string ToString() => Name;

    private static Dictionary<string, string> Headers(JsonElement message)
        => message.GetProperty("headers").EnumerateObject()
            .ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);

    // The recorded bodies are indented for readers. They were sent without indentation.
    private static string Body(JsonElement message)
        => message.TryGetProperty("body", out var body) ? JsonSerializer.Serialize(body, OnTheWire)
            : message.TryGetProperty("rawBody", out var raw) ? raw.GetString()!
            : string.Empty;
}
