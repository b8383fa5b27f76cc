using System.Text.Json;

namespace Tokenwright.FuzzTests.Mutation;

/// <summary>Changes a JSON body in ways that a faulty, newer, older or hostile server could.</summary>
internal static class JsonMutator
{
    // Smaller than arrays that come from pools. Pools grow and shrink, which would hide a leak. Other inputs test bodies that are too
    // large, with a lower limit.
    private const int LongestText = 30_000;
    private static readonly int[] Depths = [1, 2, 31, 32, 33, 63, 64, 65, 66, 127, 129, 1000, 5000];
    private static readonly int[] Repeats = [2, 3, 15, 16, 100, 1001];
    private static readonly string[] OddNames =
        ["", "\\ud800", "\\u0000", "x", "__proto__", "$type", "$ref", "$id", "a.b", "é", new('n', 5000)];

    /// <summary>Changes a body once.</summary>
    /// <param name="random">Selects the change.</param>
    /// <param name="root">The body.</param>
    /// <param name="other">Another body to take parts from; null if values must not be moved to other places.</param>
    public static void Mutate(Random random, JsonTree root, JsonTree? other)
    {
        var nodes = root.All().ToList();
        var node = nodes[random.Next(nodes.Count)];
        var parents = nodes.Where(candidate => candidate.Children.Count > 0).ToList();
        var parent = parents.Count == 0 ? null : parents[random.Next(parents.Count)];
        var child = parent is null ? 0 : random.Next(parent.Children.Count);
        switch (random.Next(13))
        {
            case 0:
                node.Become(OddValues.Any(random));
                break;
            case 1 or 2:
                node.Become(OddValues.Like(random, node.Kind));
                break;
            case 3:
                parent?.Children.RemoveAt(child);
                break;
            case 4 when parent is not null:
                var twin = parent.Children[child];
                parent.Children.Insert(random.Next(parent.Children.Count + 1),
                    (twin.Name, random.Next(2) == 0 ? twin.Value.Clone() : OddValues.Like(random, twin.Value.Kind)));
                break;
            case 5 when parent is not null:
                parent.Children[child] = (Renamed(random, parent.Children[child].Name), parent.Children[child].Value);
                break;
            case 6 when parent is not null:
                parent.Children.Insert(
                    random.Next(parent.Children.Count + 1), ($"\"{OddNames[random.Next(OddNames.Length)]}\"", OddValues.Any(random)));
                break;
            case 7 when other is not null:
                // A tree can't be inserted below itself.
                var one = node.Clone();
                var taken = nodes[random.Next(nodes.Count)];
                if (!node.All().Contains(taken) && !taken.All().Contains(node))
                {
                    node.Become(taken.Clone());
                    taken.Become(one);
                }

                break;
            case 8:
                node.Become(Wrapped(random, node));
                break;
            case 9:
                var depth = Depths[random.Next(Depths.Length)];
                var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
                node.Become(JsonTree.Leaf(Repeated(open, depth) + node + Repeated(close, depth)));
                break;
            case 10 when nodes.Where(candidate => candidate.Kind == JsonValueKind.Array && candidate.Children.Count > 0)
                .ToList() is { Count: > 0 } arrays:
                var array = arrays[random.Next(arrays.Count)];
                var times = Repeats[random.Next(Repeats.Length)];
                if (array.ToString().Length * times <= LongestText)
                    array.Children.AddRange(Enumerable.Repeat(array.Children.ToList(), times)
                        .SelectMany(items => items.Select(item => (item.Name, item.Value.Clone()))).ToList());
                break;
            case 11 when other is not null:
                var parts = other.All().ToList();
                node.Become(parts[random.Next(parts.Count)].Clone());
                break;
            default:
                root.Become(node.Clone());
                break;
        }
    }

    private static JsonTree Wrapped(Random random, JsonTree node) => JsonTree.Parse(random.Next(3) switch
    {
        0 => "[0]",
        1 => "{\"data\":0}",
        _ => "{\"token\":0}",
    }) is { } wrapper
        ? Filled(wrapper, node.Clone())
        : node;

    private static JsonTree Filled(JsonTree wrapper, JsonTree content)
    {
        wrapper.Children[0] = (wrapper.Children[0].Name, content);
        return wrapper;
    }

    private static string Renamed(Random random, string name) => name.Length < 3 ? name : random.Next(6) switch
    {
        0 => name.ToUpperInvariant(),
        1 => name.ToLowerInvariant(),
        2 => $"\"\\u{(int)name[1]:x4}{name[2..]}",
        3 => $"\"{name[2..]}",
        4 => $"{name[..^1]}_1\"",
        _ => $"\"{OddNames[random.Next(OddNames.Length)]}\"",
    };

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
