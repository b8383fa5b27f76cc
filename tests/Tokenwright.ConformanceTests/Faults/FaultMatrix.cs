namespace Tokenwright.ConformanceTests.Faults;

/// <summary>The dimensions of the matrix.</summary>
internal static class FaultMatrix
{
    /// <summary>Gets the clients that use HTTP.</summary>
    public static IReadOnlyList<ShippedSubject> Subjects { get; } = [.. ShippedSubject.Vendors];

    /// <summary>Gets each operation that the capabilities of each client support.</summary>
    public static IEnumerable<TestFixtureData> Fixtures
        => from subject in Subjects
           from operation in OperationsOf(subject)
           select new TestFixtureData(subject, operation).SetArgDisplayNames(subject.Name, operation.ToString());

    public static IEnumerable<TestCaseData> Faults
        => FaultCatalogue.All.Select(fault => new TestCaseData(fault).SetArgDisplayNames(fault.Name));

    /// <summary>Returns the operations that a client's capabilities support.</summary>
    public static IEnumerable<TokenOperation> OperationsOf(ShippedSubject subject)
        => subject.ReadCapabilities().Operations.Where(operation => operation.Support != OperationSupport.Unsupported)
            .Select(operation => operation.Operation);

    /// <summary>Returns the promise at a vendor: the general promise, unless the vendor needs another one.</summary>
    public static Promise PromiseOf(ShippedSubject subject, Situation situation)
        => subject.FaultExceptions.Where(exception => exception.Applies(situation))
            .Aggregate(Promises.Of(situation), (promise, exception) => exception.Promise(promise));
}
