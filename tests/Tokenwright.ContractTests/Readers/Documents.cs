using System.Globalization;
using System.Reflection;
using System.Text;
using CsCheck;
using Newtonsoft.Json;

namespace Tokenwright.ContractTests.Readers;

/// <summary>
/// Generates random JSON documents for a model: known and unknown members in any order, valid and invalid values, and all kinds of
/// formatting.
/// </summary>
internal static class Documents
{
    private const int Deepest = 3;

    private static readonly Gen<string> Rune = Gen.Frequency(
        (8, Gen.Char[' ', '~'].Select(character => character.ToString())),
        (2, Gen.OneOf("\"", "\\", "/", "\b", "\f", "\n", "\r", "\t", "\0", "\u001f", "\u007f")),
        (2, Gen.Int[0xa0, 0x10ffff].Where(value => value is < 0xd800 or > 0xdfff).Select(value => new Rune(value).ToString())),
        (1, Gen.OneOf("é", "е", "İ", "ß", "漢", "😀", "\u2028", "\ufeff", "\ufffd")));

    private static readonly Gen<string> Text = Rune.Array[0, 12].Select(string.Concat);

    // Generates a string in one of the ways in which JSON can write it.
    private static readonly Gen<string> JsonText = Written(Text);

    private static readonly Gen<string> Whole = Gen.Frequency(
        (6, Gen.Long[-1000, 1000]),
        (2, Gen.Long),
        (1, Gen.OneOf(0L, int.MaxValue, int.MinValue, (long)int.MaxValue + 1, long.MaxValue, long.MinValue, 100_000_000_000,
            253_402_300_799_999))).Select(number => number.ToString(CultureInfo.InvariantCulture));

    private static readonly Gen<string> Broken = Gen.Select(Gen.Int[-9999, 9999], Gen.Int[1, 999])
        .Select((whole, fraction) => string.Create(CultureInfo.InvariantCulture, $"{whole}.{fraction}"));

    // A number that fits no type of 64 bits, but a decimal.
    private static readonly Gen<string> Large =
        Gen.OneOf("9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e15", "1E-3", "2.5e+3");

    private static readonly Gen<string> Number = Gen.Frequency((6, Whole), (2, Broken), (1, Large));

    // The form of a number would be visible where it is read as text.
    private static readonly Gen<string> Plain = Gen.Frequency((3, Whole), (1, Broken));

    private static readonly Gen<string> Truth = Gen.OneOf("true", "false");

    private static readonly Gen<string> Time = Gen.Select(
        Gen.Long[new DateTime(1980, 1, 1).Ticks, new DateTime(2080, 1, 1).Ticks],
        Gen.OneOf("yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mm:ss.fffffff+02:00",
            "yyyy-MM-dd'T'HH:mm:ss.fff-0530", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"),
        (ticks, form) => new DateTime(ticks).ToString(form, CultureInfo.InvariantCulture));

    private static readonly Gen<string> OddText = Gen.OneOf(
        Gen.Const(string.Empty), Gen.OneOf(" ", "true", "False", " TRUE ", "null", "1e3", "0x10", "-", "1,000", "٣", "2026-13-40",
            "tomorrow"), Whole, Broken, Large, Time, Text);

    private static readonly Gen<string> Any = Nested(Deepest);

    private static readonly Gen<string> NoTruth = Any.Where(json => json is not ("true" or "false"));

    public static Gen<string> Of(Type model) => Model(model, Deepest);

    /// <summary>Returns a generator for a member's type. Generated models use no other types.</summary>
    private static Gen<string> Value(Type type, int depth) => type switch
    {
        _ when type == typeof(string) => JsonText,
        _ when Is<bool>(type) => Truth,
        _ when Is<long>(type) || Is<int>(type) => Whole,
        _ when Is<double>(type) => Number,
        _ when Is<DateTimeOffset>(type) => Gen.Frequency((4, Written(Time)), (1, Whole)),
        _ when type == typeof(object) => Any,
        _ when type == typeof(IDictionary<string, string>) =>
            Members(Gen.Select(Text, Fitting(typeof(string), depth - 1)).Array[0, 3].Select(
            members => members.Select((member, index) => $"{JsonConvert.ToString(member.Item1 + index)}:{member.Item2}").ToArray())),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(ICollection<>) => Fitting(
            type.GenericTypeArguments[0], depth - 1).Array[0, 4].Select(Gen.Int[0, 3], (items, blanks) => Between('[', items, ']', blanks)),
        _ when NewtonsoftReading.IsModel(type) => Model(type, depth - 1),
        _ => throw new NotSupportedException($"No documents for a member of the type {type}."),
    };

    private static bool IsNumber(Type type) => Is<long>(type) || Is<int>(type) || Is<double>(type);

    private static bool Is<T>(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(T);

    // One value in three is null, a string, or anything, because vendors send such values.
    private static Gen<string> Fitting(Type type, int depth)
        => depth < 0
            ? Gen.Const("null")
            : Gen.Frequency((8, Value(type, depth)), (1, Gen.Const("null")), (2, type == typeof(string) ? Gen.OneOf(Whole, Truth, JsonText)
            : Written(OddText)), (1, type == typeof(string) ? Gen.OneOf("{}", "[1]") : IsNumber(type) ? NoTruth : Any));

    private static Gen<string> Model(Type type, int depth)
    {
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => (Property: property, Attribute: property.GetCustomAttribute<JsonPropertyAttribute>()))
            .Where(member => member.Attribute is not null)
            .Select(member => Gen.Select(Name(member.Attribute!.PropertyName!), Fitting(member.Property.PropertyType, depth), Gen.Int[0, 3])
                .Select((name, value, there) => there == 0 ? null : $"{name}:{value}"))
            .ToArray();
        var unknown = Gen.Select(Gen.Int, Gen.OneOf("x", "$type", "$id", "$ref", "", "ID", "näme"), Any)
            .Select((number, name, value) => $"{JsonConvert.ToString(name + (name.StartsWith('$') ? "" : number))}:{value}").Array[0, 3];
        return Members(Gen.Select(All(members), unknown).Select((known, others) => known.Concat(others).OfType<string>().DistinctBy(
            member => JsonConvert.DeserializeObject<string>(member[..NameEnd(member)])).ToArray()).SelectMany(list => Gen.Shuffle(list)));
    }

    private static int NameEnd(string member)
    {
        var end = 1;
        while (member[end] != '"')
            end += member[end] == '\\' ? 2 : 1;
        return end + 1;
    }

    private static Gen<string?[]> All(Gen<string?>[] members)
        => members.Aggregate(
            Gen.Const(Array.Empty<string?>()), (all, next) => Gen.Select(all, next).Select((some, one) => some.Append(one).ToArray()));

    private static Gen<string> Members(Gen<string[]> members)
        => Gen.Select(members, Gen.Int[0, 3]).Select((list, blanks) => Between('{', list, '}', blanks));

    private static string Between(char begin, IEnumerable<string> items, char end, int blanks)
    {
        var blank = blanks switch { 0 => "\n  ", 1 => " ", _ => string.Empty };
        return $"{begin}{blank}{string.Join($"{blank},{blank}", items)}{blank}{end}";
    }

    private static Gen<string> Nested(int depth)
        => depth == 0
            ? Gen.OneOf(JsonText, Plain, Truth, Gen.Const("null"))
            : Gen.Frequency(
                (6, Gen.OneOf(JsonText, Plain, Truth, Gen.Const("null"))),
                (1, Gen.Select(Nested(depth - 1).Array[0, 3], Gen.Int[0, 3]).Select((items, blanks) => Between('[', items, ']', blanks))),
                (1, Gen.Select(Nested(depth - 1).Array[0, 3], Gen.Int[0, 3]).Select(
                    (items, blanks) => Between('{', items.Select((item, index) => $"\"m{index}\":{item}"), '}', blanks))));

    private static Gen<string> Name(string name) => Gen.Frequency((12, Gen.Const($"\"{name}\"")), (1, Written(Gen.Const(name))));

    private static Gen<string> Written(Gen<string> text) => Gen.Select(text, Gen.Int[0, int.MaxValue]).Select((value, ways) =>
    {
        var json = new StringBuilder("\"");
        var random = new Random(ways);
        foreach (var rune in value.EnumerateRunes())
        {
            json.Append(rune.Value switch
            {
                _ when random.Next(12) == 0 => string.Concat(rune.ToString().Select(half => $"\\u{(int)half:x4}")),
                '"' => "\\\"",
                '\\' => "\\\\",
                '/' when random.Next(2) == 0 => "\\/",
                '\n' => "\\n",
                '\t' => random.Next(2) == 0 ? "\\t" : "\\u0009",
                < ' ' => $"\\u{rune.Value:X4}",
                _ => rune.ToString(),
            });
        }

        return json.Append('"').ToString();
    });
}
