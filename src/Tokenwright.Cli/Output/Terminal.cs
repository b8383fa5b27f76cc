using System.Globalization;
using System.Text;
using Spectre.Console;
using Tokenwright.Cli.Commands;

namespace Tokenwright.Cli.Output;

/// <summary>Writes results to the standard output, and messages about them to the error output.</summary>
internal sealed class Terminal
{
    // Without a terminal, nothing is cut or wrapped.
    private const int WidthWithoutTerminal = int.MaxValue / 2;

    private readonly bool _wrapsMessages = !Console.IsErrorRedirected;
    private volatile bool _isClosed;

    public Terminal(bool isQuiet, Surroundings? surroundings)
    {
        IsQuiet = isQuiet;
        if (surroundings?.Page is { } page)
        {
            (Out, Error) = (page.Writer, page.Writer);
            (Pretty, PrettyError) = (page.Pretty, page.Pretty);
            _wrapsMessages = true;
            return;
        }

        Out = WriterOf(StandardStream.Out);
        Error = WriterOf(StandardStream.Error);
        Pretty = Make(Out, Console.IsOutputRedirected);
        PrettyError = Make(Error, Console.IsErrorRedirected);
    }

    public bool IsQuiet { get; }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    /// <summary>Gets the standard output for tables.</summary>
    public IAnsiConsole Pretty { get; }

    /// <summary>Gets the error output for progress and questions.</summary>
    public IAnsiConsole PrettyError { get; }

    /// <summary>Gets whether a table is drawn while its rows arrive.</summary>
    public bool IsLive => !Console.IsOutputRedirected && !IsQuiet && !IsDumb;

    /// <summary>Gets whether progress is shown on the error output.</summary>
    public bool ShowsProgress => !Console.IsErrorRedirected && !IsQuiet && !IsDumb;

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";

    /// <summary>Gets whether the user can be asked.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Writes no further messages, because the process is about to end in the middle of the command.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Shows the cursor, which a table that is being drawn hides, on a line of its own.</summary>
    public void ShowCursor()
    {
        const string Show = "\u001b[?25h\n";
        if (!Console.IsOutputRedirected && Pretty.Profile.Capabilities.Ansi)
            Out.Write(Show);
        else if (!Console.IsErrorRedirected && PrettyError.Profile.Capabilities.Ansi)
            Error.Write(Show);
    }

    /// <summary>Writes a note, unless <c>--quiet</c> is set.</summary>
    public void Note(string text)
    {
        if (!IsQuiet)
            Say(text);
    }

    /// <summary>Writes a message, even with <c>--quiet</c>.</summary>
    public void Say(string text) => Write(text, Style.Plain);

    /// <summary>Writes a warning.</summary>
    public void Warn(string text) => Write($"warning: {text}", new Style(Color.Yellow));

    /// <summary>Writes an error.</summary>
    public void Fail(string text) => Write($"error: {text}", new Style(Color.Red));

    // Each line is written separately, so that line breaks stay and other control characters don't. Only a terminal has a width limit.
    private void Write(string text, Style style)
    {
        if (_isClosed)
            return;
        var safe = string.Join('\n', text.Split('\n').Select(SafeText.Of));
        if (_wrapsMessages)
            PrettyError.WriteLine(safe, style);
        else
            Error.WriteLine(safe);
    }

    /// <summary>Creates a text writer for one of the standard streams.</summary>
    public static TextWriter WriterOf(Stream stream)
        => TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" });

    private static IAnsiConsole Make(TextWriter writer, bool isRedirected)
    {
        var isPlain = isRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            && columns >= 20)
            console.Profile.Width = columns;
        else if (isRedirected)
            console.Profile.Width = WidthWithoutTerminal;
        else if (Console.WindowWidth > 0)
            console.Profile.Width = Console.WindowWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
