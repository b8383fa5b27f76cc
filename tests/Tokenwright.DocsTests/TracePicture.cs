using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tokenwright.DocsTests;

/// <summary>
/// Draws a trace: for each span, in the order of their start, a bar with its name, its status, its duration, and a mark for each of its
/// events.
/// </summary>
internal static class TracePicture
{
    private const int Width = 900;
    private const int Row = 26;
    private const int Left = 330;
    private const int Right = 60;
    private const int Top = 12;

    public static string Draw(IReadOnlyList<Activity> spans)
    {
        var root = spans.Single(span => span.Parent is null);
        var scale = (Width - Left - Right) / root.Duration.TotalMilliseconds;
        var picture = new StringBuilder();
        picture.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {(2 * Top) + (spans.Count * Row)}"
                font-family="ui-monospace, monospace" font-size="12">
            <rect width="100%" height="100%" fill="#fff"/>

            """);
        foreach (var (span, row) in spans.Select((span, row) => (span, row)))
        {
            var y = Top + (row * Row);
            var x = Left + (scale * (span.StartTimeUtc - root.StartTimeUtc).TotalMilliseconds);
            var width = Math.Max(2, scale * span.Duration.TotalMilliseconds);
            picture.Append(CultureInfo.InvariantCulture, $"""
                <text x="{(span == root ? 8 : 24)}" y="{y + 17}" fill="#1f2328">{Label(span)}</text>
                <rect x="{x:0.0}" y="{y + 4}" width="{width:0.0}" height="{Row - 8}" rx="3"
                    fill="{(span == root ? "#0969da" : IsError(span) ? "#cf222e" : "#54aeff")}"/>
                <text x="{x + width + 6:0.0}" y="{y + 17}" fill="#59636e" class="time">{span.Duration.TotalMilliseconds:0} ms</text>

                """);
            foreach (var place in span.Events)
            {
                var at = Left + (scale * (place.Timestamp.UtcDateTime - root.StartTimeUtc).TotalMilliseconds);
                picture.Append(CultureInfo.InvariantCulture, $"""
                    <circle cx="{at:0.0}" cy="{y + (Row / 2)}" r="5" fill="#fff" stroke="#cf222e" stroke-width="2"/>
                    <text x="{at + 9:0.0}" y="{y + 17}" fill="#fff">{Label(place)}</text>

                    """);
            }
        }

        return picture.Append("</svg>\n").ToString();
    }

    /// <summary>Returns the text of the picture, without times.</summary>
    public static IEnumerable<string> Labels(IReadOnlyList<Activity> spans)
        => spans.SelectMany(span => span.Events.Select(Label).Prepend(Label(span)));

    private static string Label(Activity span)
        => span.Parent is null
            ? $"{span.DisplayName}  {span.GetTagItem("tokenwright.vendor")}  {span.GetTagItem("tokenwright.token.count")} tokens"
            : $"{span.DisplayName}  {new Uri((string)span.GetTagItem("url.full")!).AbsolutePath}  " +
                $"{span.GetTagItem("http.response.status_code")}";

    private static string Label(ActivityEvent place)
        => $"{place.Name}  error.type={place.Tags.Single(tag => tag.Key == "error.type").Value}";

    private static bool IsError(Activity span) => span.GetTagItem("http.response.status_code") is int and >= 400;
}
