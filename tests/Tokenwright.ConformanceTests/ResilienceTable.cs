using System.Globalization;

namespace Tokenwright.ConformanceTests;

/// <summary>
/// Generates the table of the default retries and limits, from the capabilities and the default options.
/// </summary>
internal static class ResilienceTable
{
    public static string Write()
    {
        var columns = ShippedSubject.Vendors
            .Select(subject => (subject.Name, Capabilities: subject.ReadCapabilities(), Options: DefaultsOf(subject))).ToList();
        return GeneratedDocs.Table(
            columns.Select(column => column.Name).Prepend(string.Empty),
            [
                .. Enum.GetValues<TokenOperation>().Select(operation => columns.Select(column => Retried(column.Capabilities[operation]))
                    .Prepend($"{GeneratedDocs.WordsOf(operation)} is retried")),
                Row("create whose response is lost", column => $"`{column.Capabilities.CreationRecovery}`"),
                Row("retries", column => Number(column.Options.MaxRetries)),
                Row("wait before the first, on average", column => Seconds(column.Options.RetryDelay)),
                Row("time of an attempt", column => Seconds(column.Options.AttemptTimeout)),
                Row("time of a request in all", column => Seconds(column.Options.TotalTimeout)),
                Row("rate limit", column => column.Options.CallsPerWindow is { } calls
                    ? $"{Number(calls)} calls in {Seconds(column.Options.CallWindow)}" : "as the vendor's headers tell"),
                Row("longest wait that a response can ask for", column => Seconds(column.Options.MaxRetryAfter)),
                Row("network connections", column => Number(column.Options.MaxConnections)),
                Row("largest response", column => $"{Number(column.Options.MaxResponseBytes / 1024 / 1024)} MiB"),
            ]);

        IEnumerable<string> Row(string head, Func<(string Name, TokenCapabilities Capabilities, ConnectionOptions Options), string> cell) =>
            columns.Select(cell).Prepend(head);
    }

    private static string Retried(OperationCapability capability)
        => capability.Support == OperationSupport.Unsupported ? "–" : capability.SafeToRetry ? "yes" : "no";

    private static ConnectionOptions DefaultsOf(ShippedSubject subject)
        => (ConnectionOptions)Activator.CreateInstance(
            subject.ClientType.GetConstructors().SelectMany(constructor => constructor.GetParameters())
                .Single(parameter => parameter.ParameterType.IsSubclassOf(typeof(ConnectionOptions))).ParameterType)!;

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
