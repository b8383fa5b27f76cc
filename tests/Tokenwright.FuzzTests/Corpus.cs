using Tokenwright.SpecTests.Spec;

namespace Tokenwright.FuzzTests;

/// <summary>All operations of all specs.</summary>
internal static class Corpus
{
    public static IReadOnlyList<CorpusOperation> Operations { get; } =
    [
        .. Vendors.Names.SelectMany(
            vendor => SpecFile.Of(vendor).Operations.Select(operation => new CorpusOperation(vendor, SpecFile.Of(vendor), operation))),
    ];

    /// <summary>All responses, to take parts from.</summary>
    public static IReadOnlyList<CorpusResponse> Responses { get; } = [.. Operations.SelectMany(operation => operation.Responses)];

    /// <summary>The operation that a request is for; null if there is none such, which no response may lead a client to ask for.</summary>
    public static CorpusOperation? OperationOf(FuzzConnection connection, string method, string path)
    {
        var relative = path.StartsWith(connection.BasePath, StringComparison.Ordinal) ? path[connection.BasePath.Length..] : path;
        return Operations.Where(operation => operation.Vendor == connection.Vendor && operation.Takes(method, relative))
            .MinBy(operation => operation.Operation.Parameters.Count(parameter => parameter.Text("in") == "path"));
    }
}
