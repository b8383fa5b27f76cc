using System.CommandLine;

namespace Tokenwright.Cli.Commands;

/// <summary>Options whose values are words.</summary>
internal static class NamedValues
{
    /// <summary>Refuses numbers in place of the words: the parser would take any for the word of that number, or for none.</summary>
    public static Option<TEnum> ByNameOnly<TEnum>(this Option<TEnum> option)
        where TEnum : struct, Enum
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.Length == 0
                || !char.IsAsciiLetter(token.Value[0]) || token.Value.Contains(',', StringComparison.Ordinal)))
                result.AddError($"{option.Name} takes one of {string.Join(", ", Enum.GetNames<TEnum>())}, not '{token.Value}'.");
        });
        return option;
    }
}
