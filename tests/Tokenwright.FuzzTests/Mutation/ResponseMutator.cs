using System.Text;
using System.Text.Json;

namespace Tokenwright.FuzzTests.Mutation;

/// <summary>Creates responses from those in the corpus.</summary>
internal static class ResponseMutator
{
    /// <summary>Changes a response: its head, its body, or both.</summary>
    /// <param name="random">Selects the change.</param>
    /// <param name="start">The response.</param>
    /// <param name="target">
    /// The call that reads the response. The facade may show the vendor's words. For it, secrets stay in members that are marked as secret,
    /// or the body contains only secrets that were sent.
    /// </param>
    public static FuzzResponse Mutate(Random random, CorpusResponse start, FuzzTarget target)
    {
        var mayBeShown = !target.IsTyped;
        var status = random.Next(4) == 0 ? HeadMutator.Status(random) : start.Status;
        var isError = status is < 200 or >= 300;
        var headers = start.Headers.ToList();
        if (random.Next(3) == 0)
            HeadMutator.Mutate(random, headers);

        if (mayBeShown && random.Next(50) == 0)
            return Refusal(random, status, headers, target);

        var mayMove = random.Next(2) == 0 || !mayBeShown;
        var text = mayBeShown && (isError || mayMove) ? Markers.Scrubbed(start.Body) : start.Body;
        var other = mayMove ? Corpus.Responses[random.Next(Corpus.Responses.Count)] : null;
        if (start.Tree is null || random.Next(10) < 3)
            return new FuzzResponse(status, headers, Bytes(random, text, other is null ? null : Markers.Scrubbed(other.Body)));

        var tree = JsonTree.Parse(text)!;
        var otherTree = other is null ? null : JsonTree.Parse(Markers.Scrubbed(other.Body)) ?? tree;
        for (var count = Count(random); count > 0; count--)
            JsonMutator.Mutate(random, tree, otherTree);
        var isEcho = isError && target.Secrets.Count > 0 && random.Next(6) == 0;
        if (isEcho && tree.All().Where(node => node.Kind == JsonValueKind.String).ToList() is { Count: > 0 } leaves)
            leaves[random.Next(leaves.Count)]
                .Become(JsonTree.Leaf(Markers.Echo(random, target.Secrets[random.Next(target.Secrets.Count)])));
        return new FuzzResponse(status, headers, Encoding.UTF8.GetBytes(tree.ToString())) { IsEcho = isEcho };
    }

    // A header that repeats a secret. Exceptions show only these headers.
    private static FuzzResponse Refusal(Random random, int status, List<(string Name, string Value)> headers, FuzzTarget target)
    {
        var secret = target.Secrets[random.Next(target.Secrets.Count)];
        headers.Add(random.Next(2) == 0
            ? ("Location", $"https://{Uri.EscapeDataString(secret)}@elsewhere.example/") : ("Content-Type", $"text/x-{secret}"));
        return new FuzzResponse(status, headers, "?"u8.ToArray()) { IsEcho = true };
    }

    private static byte[] Bytes(Random random, string text, string? other)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var otherBody = other is null ? null : Encoding.UTF8.GetBytes(other);
        for (var count = Count(random); count > 0; count--)
            body = ByteMutator.Mutate(random, body, otherBody);
        return body;
    }

    private static int Count(Random random) => random.Next(8) switch { < 4 => 1, < 6 => 2, 6 => 3, _ => 6 };
}
