namespace Tokenwright.ConformanceTests.Faults;

/// <summary>That docs/reliability.md says what the matrix proves, and that no vendor is let off more than it needs.</summary>
internal sealed class FaultPlanTests
{
    private const string Document = "docs/reliability.md";

    private readonly List<(ShippedSubject Subject, FaultCell Cell)> _cells = [];

    [OneTimeSetUp]
    public async Task MakePlans()
    {
        foreach (var subject in FaultMatrix.Subjects)
        {
            foreach (var operation in FaultMatrix.OperationsOf(subject))
            {
                using var bench = new FaultBench(subject, operation);
                var plan = await FaultPlan.MakeAsync(subject, operation, bench);
                _cells.AddRange(FaultCatalogue.All.SelectMany(plan.CellsOf).Select(cell => (subject, cell)));
            }
        }
    }

    [Test]
    public void The_table_of_faults_is_the_promise() => GeneratedDocs.Hold(Document, "matrix", FaultTable.OfFaults());

    [Test]
    public void The_table_of_lost_creates_is_the_promise() => GeneratedDocs.Hold(Document, "recovery", FaultTable.OfRecovery());

    [Test]
    public void The_count_of_cells_is_what_is_run() => GeneratedDocs.Hold(Document, "cells", FaultTable.OfCells(_cells));

    [Test]
    public void Every_vendors_exception_is_needed_and_has_its_reason()
    {
        foreach (var subject in FaultMatrix.Subjects)
        {
            foreach (var exception in subject.FaultExceptions)
            {
                var needed = _cells.Where(cell => cell.Subject == subject && exception.Applies(cell.Cell.Situation))
                    .Select(cell => Promises.Of(cell.Cell.Situation))
                    .Any(promise => exception.Promise(promise) != promise);
                Assert.That(needed, Is.True, $"{subject.Name}: {exception.Reason}");
                Assert.That(exception.Reason, Does.EndWith("."), subject.Name);
            }
        }
    }

    [Test]
    public void The_faults_have_names_of_their_own() => Assert.That(FaultCatalogue.All.Select(fault => fault.Name), Is.Unique);
}
