using Spectre.Console;

namespace Tokenwright.Cli.Output;

/// <summary>Asks the user questions on the error output. A question is repeated until its answer is valid.</summary>
internal sealed class Questions(Terminal terminal, CancellationToken cancellationToken)
{
    /// <summary>Asks for a text, which may be empty.</summary>
    /// <param name="question">The question.</param>
    /// <param name="preset">The answer if the user enters nothing; null for none.</param>
    /// <param name="problem">Returns what is wrong with an answer, as a sentence; null if it is valid.</param>
    public Task<string> AskAsync(string question, string? preset, Func<string, string?> problem)
        => AskAsync(new TextPrompt<string>(Markup.Escape(question)), preset, problem);

    /// <summary>Asks for a secret, which isn't shown.</summary>
    /// <inheritdoc cref="AskAsync(string, string?, Func{string, string?})"/>
    public Task<string> AskSecretAsync(string question, Func<string, string?> problem)
        => AskAsync(new TextPrompt<string>(Markup.Escape(question)).Secret(null), null, problem);

    /// <summary>Asks for one of several words.</summary>
    /// <param name="question">The question.</param>
    /// <param name="words">The words. The first is the answer if the user enters nothing.</param>
    public Task<string> ChooseAsync(string question, IReadOnlyList<string> words)
        => AskAsync($"{question} ({string.Join(", ", words)})", words[0],
            word => words.Contains(word) ? null : $"Answer with {string.Join(" or ", words)}.");

    private async Task<string> AskAsync(TextPrompt<string> prompt, string? preset, Func<string, string?> problem)
    {
        prompt.AllowEmpty().Validate(text => problem(text.Trim()) is { } wrong
            ? ValidationResult.Error(Markup.Escape(wrong)) : ValidationResult.Success());
        if (preset is not null)
            prompt.DefaultValue(preset);
        try
        {
            return (await prompt.ShowAsync(terminal.PrettyError, cancellationToken)).Trim();
        }
        catch (OperationCanceledException)
        {
            // The cursor is still behind the question.
            await terminal.Error.WriteLineAsync();
            throw;
        }
    }
}
