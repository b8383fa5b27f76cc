using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tokenwright.CliTests;

/// <summary>Converts the output that Spectre.Console recorded to an SVG picture of a terminal.</summary>
internal sealed class SvgPicture(string title) : IAnsiConsoleEncoder
{
    private const double CharacterWidth = 8.43;
    private const int LineHeight = 18;
    private const int Margin = 16;
    private const int TitleHeight = 34;

    public string Encode(IAnsiConsole console, IEnumerable<IRenderable> renderable)
    {
        var lines = Segment.SplitLines(renderable.SelectMany(part => part.Render(new RenderOptions(
            console.Profile.Capabilities, new Size(console.Profile.Width, console.Profile.Height)), console.Profile.Width))).ToList();
        var width = (int)Math.Ceiling((lines.Max(line => line.CellCount()) * CharacterWidth) + (2 * Margin));
        var height = (lines.Count * LineHeight) + TitleHeight + Margin;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Text(title)}\">\n");
        svg.Append("<style>text{font:14px ui-monospace,'DejaVu Sans " +
            "Mono',Menlo,Consolas,monospace;white-space:pre;fill:#d5d9e0}</style>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#14171d\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin}\" y=\"22\" fill-opacity=\"0.7\">{Text(title)}</text>\n");
        for (var i = 0; i < lines.Count; i++)
            AppendLine(svg, lines[i], TitleHeight + ((i + 1) * LineHeight) - 5);
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendLine(StringBuilder svg, SegmentLine line, int y)
    {
        var column = 0;
        foreach (var segment in Merged(line))
        {
            // An explicit width keeps the columns aligned with any font.
            if (!string.IsNullOrWhiteSpace(segment.Text))
            {
                var text = new Segment(segment.Text.Trim(), segment.Style);
                var x = Margin + ((column + segment.Text.Length - segment.Text.TrimStart().Length) * CharacterWidth);
                svg.Append(CultureInfo.InvariantCulture,
                    $"<text x=\"{x:0.##}\" y=\"{y}\" " +
                    $"textLength=\"{text.CellCount() * CharacterWidth:0.##}\"{Colour(text.Style)}>{Text(text.Text)}</text>\n");
            }

            column += segment.CellCount();
        }
    }

    // Spectre puts each word into its own segment.
    private static IEnumerable<Segment> Merged(SegmentLine line)
    {
        Segment? open = null;
        foreach (var segment in line)
        {
            if (open is not null && open.Style.Equals(segment.Style))
            {
                open = new Segment(open.Text + segment.Text, open.Style);
                continue;
            }

            if (open is not null)
                yield return open;
            open = segment;
        }

        if (open is not null)
            yield return open;
    }

    private static string Colour(Style style)
    {
        var bold = style.Decoration.HasFlag(Decoration.Bold) ? " font-weight=\"bold\"" : string.Empty;
        // A terminal shows these names in colours of its theme. Their values by the standard can't be read on a dark background.
        var colour = style.Foreground == Color.Default ? null
            : style.Foreground == Color.Maroon || style.Foreground == Color.Red ? "#ff6b6b"
            : style.Foreground == Color.Olive || style.Foreground == Color.Yellow ? "#f2c14e"
            : style.Foreground == Color.Green ? "#7bd88f"
            : style.Foreground == Color.Teal ? "#5cc8d0"
            : style.Foreground == Color.Blue ? "#7aa2f7"
            : $"#{style.Foreground.ToHex()}";
        return colour is null ? bold : $"{bold} style=\"fill:{colour}\"";
    }

    // Some viewers drop repeated blanks.
    private static string Text(string text)
        => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal).Replace(' ', '\u00a0');
}
