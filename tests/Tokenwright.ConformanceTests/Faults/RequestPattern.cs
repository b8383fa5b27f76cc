using System.Text.RegularExpressions;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>Matches requests by their method and path; <c>*</c> in the path stands for any text.</summary>
internal sealed record RequestPattern(string Method, string Path)
{
    private readonly Regex _path =
        new($"^{Regex.Escape(Path).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);

    /// <summary>Creates the pattern of one request.</summary>
    public static RequestPattern Of(HttpRequestMessage request) => new(request.Method.Method, PathOf(request));

    /// <summary>Creates the pattern of a request about a token, whatever the token's id.</summary>
    public static RequestPattern Of(ReceivedRequest request, string? id)
        => new(request.Method, string.Join('/', request.Path.Split('/').Select(segment => Without(segment, id))));

    public bool Matches(ReceivedRequest request) => Matches(request.Method, request.Path);

    public bool Matches(HttpRequestMessage request) => Matches(request.Method.Method, PathOf(request));

    public bool Equals(RequestPattern? other) => other is not null && (Method, Path) == (other.Method, other.Path);

    public override int GetHashCode() => (Method, Path).GetHashCode();

    public override string ToString() => $"{Method} {Path}";

    private static string PathOf(HttpRequestMessage request) => Uri.UnescapeDataString(request.RequestUri!.AbsolutePath);

    private bool Matches(string method, string path) => method == Method && _path.IsMatch(path);

    // 7 and 7:regenerate both are about the token 7.
    private static string Without(string segment, string? id)
        => id is null ? segment
            : segment == id ? "*"
            : segment.StartsWith($"{id}:", StringComparison.Ordinal) ? $"*{segment[id.Length..]}"
            : segment;
}
