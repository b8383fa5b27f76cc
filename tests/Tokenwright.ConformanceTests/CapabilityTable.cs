using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>The README's table of what each client variant can do, made from the capability cards.</summary>
internal static class CapabilityTable
{
    public const string Begin = "<!-- capabilities -->";
    public const string End = "<!-- /capabilities -->";

    /// <summary>A text with the table between its marks.</summary>
    public static string PutInto(string text)
    {
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{text[..begin]}{Begin}\n{Write()}{text[end..]}"
            : throw new FormatException($"There are no lines {Begin} and {End}.");
    }

    private static string Write()
    {
        var cards = ConformanceSubject.All.Where(subject => subject.IsVendor).Select(subject => (subject.Name, Card: CardOf(subject))).ToList();
        var table = new StringBuilder();
        Row("", cards.Select(column => column.Name));
        Row("---", cards.Select(_ => "---"));
        foreach (var operation in Enum.GetValues<TokenOperation>())
            Row(operation.ToString().ToLowerInvariant(), cards.Select(column => Cell(column.Card, operation)));
        return table.ToString();

        void Row(string head, IEnumerable<string> cells) => table.AppendJoin(" | ", cells.Prepend($"| {head}".TrimEnd())).Append(" |\n");
    }

    private static string Cell(TokenCapabilities card, TokenOperation operation)
    {
        var capability = card[operation];
        if (capability.Support == OperationSupport.Unsupported)
            return "–";
        var support = capability.Support == OperationSupport.Native ? "native" : "emulated";
        var how = operation == TokenOperation.List ? Words(card.Filters) : Words(capability.References);
        return how.Length == 0 ? support : $"{support}: {how}";
    }

    // OwnerId | OwnOnly -> owner id, own only
    private static string Words<TFlags>(TFlags flags)
        where TFlags : struct, Enum
        => string.Join(", ", Enum.GetValues<TFlags>().Where(flag => Convert.ToInt32(flag, null) != 0 && flags.HasFlag(flag)).Select(flag =>
            string.Concat(flag.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"))));

    private static TokenCapabilities CardOf(ConformanceSubject subject)
    {
        using var stage = subject.Start(new FakeTimeProvider());
        return stage.Open().Metadata.Capabilities;
    }
}
