using System.Text;

namespace Tokenwright.FuzzTests.Mutation;

/// <summary>Changes a body without regard to its meaning, like broken networks, caches and encoders.</summary>
internal static class ByteMutator
{
    private static readonly byte[][] Marks = [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]];

    private static readonly byte[][] Invalid =
    [
        [0], [0x80], [0xC3, 0x28], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xB0, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xFE, 0xFF],
    ];

    private static readonly string[] Whole =
    [
        "", " ", "\n", "null", "true", "0", "\"\"", "[]", "{}", "[[[[", "OK", "<html><body>Bad gateway</body></html>",
        "<?xml version=\"1.0\"?><a/>", "data: {}\n\n", "{\"a\":1}{\"b\":2}", "\u001e{}\n", "//", "\0\0\0\0",
    ];

    /// <summary>Changes a body once.</summary>
    /// <param name="random">Selects the change.</param>
    /// <param name="body">The body.</param>
    /// <param name="other">Another body to take parts from; null if values must not be moved to other places.</param>
    public static byte[] Mutate(Random random, byte[] body, byte[]? other)
    {
        var (start, length) = Range(random, body.Length);
        switch (random.Next(12))
        {
            case 0 or 1:
                return body[..start];
            case 2 or 3:
                var flipped = (byte[])body.Clone();
                for (var flips = random.Next(1, 5); flips > 0 && flipped.Length > 0; flips--)
                    flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 4 when other is not null:
                return [.. body[..start], .. body[(start + length)..]];
            case 5 when other is not null:
                return [.. body[..(start + length)], .. body[start..]];
            case 6:
                var noise = new byte[random.Next(1, 9)];
                random.NextBytes(noise);
                return [.. body[..start], .. noise, .. body[start..]];
            case 7:
                return [.. body[..start], .. Invalid[random.Next(Invalid.Length)], .. body[start..]];
            case 8:
                return [.. Marks[random.Next(Marks.Length)], .. body];
            case 9:
                return Recoded(random, body);
            case 10 when other is not null:
                var (from, _) = Range(random, other.Length);
                return [.. body[..start], .. other[from..]];
            default:
                var whole = Encoding.UTF8.GetBytes(Whole[random.Next(Whole.Length)]);
                return random.Next(3) == 0 ? [.. body, .. whole] : whole;
        }
    }

    private static (int Start, int Length) Range(Random random, int length)
    {
        var start = random.Next(length + 1);
        return (start, random.Next(Math.Min(length - start, 64) + 1));
    }

    private static byte[] Recoded(Random random, byte[] body)
    {
        var encodings = new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1 };
        var encoding = encodings[random.Next(encodings.Length)];
        byte[] text = encoding.GetBytes(Encoding.UTF8.GetString(body));
        return random.Next(2) == 0 ? text : [.. encoding.GetPreamble(), .. text];
    }
}
