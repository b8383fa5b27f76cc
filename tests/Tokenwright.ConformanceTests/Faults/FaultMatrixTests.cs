namespace Tokenwright.ConformanceTests.Faults;

/// <summary>Every operation of every client meets every fault, once and always, and comes to what is promised.</summary>
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
    public async Task A_call_keeps_its_promise(FaultCase fault)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var cell in _plan.CellsOf(fault))
                FaultVerdict.Hold(subject, cell, FaultMatrix.PromiseOf(subject, cell.Situation), await _bench.PlayAsync(cell));
        }
    }
}
