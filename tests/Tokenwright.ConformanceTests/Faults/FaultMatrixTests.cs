namespace Tokenwright.ConformanceTests.Faults;

/// <summary>
/// Runs every operation of every client with every fault, once and on every request. The result must be the documented one.
/// </summary>
[TestFixtureSource(typeof(FaultMatrix), nameof(FaultMatrix.Fixtures))]
[Parallelizable(ParallelScope.Self)]
internal sealed class FaultMatrixTests(ShippedSubject subject, TokenOperation operation)
{
    private FaultBench _bench = null!;
    private FaultPlan _plan = null!;

    [OneTimeSetUp]
    public async Task StartBench()
    {
        _bench = new FaultBench(subject, operation);
        _plan = await FaultPlan.MakeAsync(subject, operation, _bench);
    }

    [OneTimeTearDown]
    public void EndBench() => _bench?.Dispose();

    [TestCaseSource(typeof(FaultMatrix), nameof(FaultMatrix.Faults))]
    public async Task A_call_with_a_fault_has_the_documented_result(FaultCase fault)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var cell in _plan.CellsOf(fault))
                FaultVerdict.Hold(subject, cell, FaultMatrix.PromiseOf(subject, cell.Situation), await _bench.PlayAsync(cell));
        }
    }
}
