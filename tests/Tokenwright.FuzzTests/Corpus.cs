using Tokenwright.SpecTests.Spec;

namespace Tokenwright.FuzzTests;

/// <summary>Contains all operations of all specs.</summary>
internal static class Corpus
{
    public static IReadOnlyList<CorpusOperation> Operations { get; } =
    [
        .. Vendors.Names.SelectMany(
            vendor => SpecFile.Of(vendor).Operations.Select(operation => new CorpusOperation(vendor, SpecFile.Of(vendor), operation))),
    ];

    /// <summary>Gets all responses, as a source of parts.</summary>
    public static IReadOnlyList<CorpusResponse> Responses { get; } = [.. Operations.SelectMany(operation => operation.Responses)];

    /// <summary>
    /// Returns the operation of a request; null if the spec has none. No response may cause a client to send such a request.
    /// </summary>
    public static CorpusOperation? OperationOf(FuzzConnection connection, string method, string path)
    {
        var relative = path.StartsWith(connection.BasePath, StringComparison.Ordinal) ? path[connection.BasePath.Length..] : path;
        return Operations.Where(operation => operation.Vendor == connection.Vendor && operation.Takes(method, relative))
            .MinBy(operation => operation.Operation.Parameters.Count(parameter => parameter.Text("in") == "path"));
    }
}
