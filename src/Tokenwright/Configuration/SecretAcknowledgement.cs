using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright;

/// <summary>
/// Provides the file beside a secret's file with which a consumer acknowledges a generation:
/// <c>{"consumer":"billing","generation":3,"time":"…"}</c>. It contains no secret, but it decides when a token is revoked, so only its
/// owner can write it.
/// </summary>
internal static class SecretAcknowledgement
{
    private const int LongestConsumer = 64;
    private const int LongestFile = 1024;

    /// <summary>Gets what is wrong with the name of a consumer; null if it is valid.</summary>
    /// <param name="consumer">The name, which becomes a part of the file's name.</param>
    public static string? ProblemOf(string consumer)
        => consumer.Length is > 0 and <= LongestConsumer
            && consumer.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_')
                ? null : $"is not 1 to {LongestConsumer} ASCII letters, digits, dots, hyphens and underscores";

    /// <summary>Writes an acknowledgement.</summary>
    /// <param name="path">The path of the secret's file.</param>
    /// <param name="consumer">The consumer's name.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="time">The current time.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public static Task WriteAsync(
        string path, string consumer, int generation, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        var content = new JsonObject
        {
            ["consumer"] = consumer,
            ["generation"] = generation,
            ["time"] = time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        return new AtomicFile(PathOf(path, consumer)).WriteAsync(
            System.Text.Encoding.UTF8.GetBytes(content.ToJsonString() + "\n"), cancellationToken);
    }

    /// <summary>Reads the generation that a consumer acknowledged. Another program may have written the number alone.</summary>
    /// <param name="path">The path of the secret's file.</param>
    /// <param name="consumer">The consumer's name.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The generation; null if there is no file, or if it contains none.</returns>
    public static async Task<int?> ReadAsync(string path, string consumer, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(path, consumer));
        if (file is not { Exists: true, Length: <= LongestFile })
            return null;
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken).ConfigureAwait(false));
            var root = document.RootElement;
            var member = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("generation", out var generation)
                ? generation : root;
            return member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out var number) && number > 0 ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string PathOf(string path, string consumer) => $"{path}.ack.{consumer}";
}
