using System.CommandLine;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides a method for options whose values are names.</summary>
internal static class NamedValues
{
    /// <summary>Rejects numbers, because the parser would convert them to values of the enumeration, even undefined ones.</summary>
    public static Option<TEnum> ByNameOnly<TEnum>(this Option<TEnum> option)
        where TEnum : struct, Enum
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.Length == 0
                || !char.IsAsciiLetter(token.Value[0]) || token.Value.Contains(',', StringComparison.Ordinal)))
                result.AddError($"{option.Name} must be one of {string.Join(", ", Enum.GetNames<TEnum>())}, not '{token.Value}'.");
        });
        return option;
    }
}
