namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What the matrix runs over.</summary>
internal static class FaultMatrix
{
    /// <summary>The clients whose vendors are reached over HTTP.</summary>
    public static IReadOnlyList<ShippedSubject> Subjects { get; } = [.. ShippedSubject.All.Where(subject => subject.IsVendor)];

    /// <summary>Each operation of each of them that the capabilities have.</summary>
    public static IEnumerable<TestFixtureData> Fixtures
        => from subject in Subjects
           from operation in OperationsOf(subject)
           select new TestFixtureData(subject, operation).SetArgDisplayNames(subject.Name, operation.ToString());

    public static IEnumerable<TestCaseData> Faults
        => FaultCatalogue.All.Select(fault => new TestCaseData(fault).SetArgDisplayNames(fault.Name));

    /// <summary>The operations that a client's capabilities have.</summary>
    public static IEnumerable<TokenOperation> OperationsOf(ShippedSubject subject)
        => subject.ReadCapabilities().Operations.Where(operation => operation.Support != OperationSupport.Unsupported)
            .Select(operation => operation.Operation);

    /// <summary>What is promised at a vendor: the general promise, unless the vendor needs another one.</summary>
    public static Promise PromiseOf(ShippedSubject subject, Situation situation)
        => subject.FaultExceptions.Where(exception => exception.Applies(situation))
            .Aggregate(Promises.Of(situation), (promise, exception) => exception.Promise(promise));
}
