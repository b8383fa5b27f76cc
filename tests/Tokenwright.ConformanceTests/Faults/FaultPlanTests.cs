namespace Tokenwright.ConformanceTests.Faults;

/// <summary>The documents state what the matrix tests, and no vendor has an exception that it doesn't need.</summary>
internal sealed class FaultPlanTests
{
    private const string Document = "docs/internals/fault-matrix.md";

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
    public void The_table_of_faults_matches_the_tested_results() => GeneratedDocs.Hold(Document, "matrix", FaultTable.OfFaults());

    [Test]
    public void The_table_of_lost_creates_matches_the_tested_results() => GeneratedDocs.Hold(Document, "recovery", FaultTable.OfRecovery());

    [Test]
    public void The_documented_number_of_cells_is_the_tested_number() => GeneratedDocs.Hold(Document, "cells", FaultTable.OfCells(_cells));

    [Test]
    public void The_table_of_frequent_faults_matches_the_tested_results()
        => GeneratedDocs.Hold("docs/reliability.md", "common", FaultTable.OfCommonFaults());

    [Test]
    public void The_table_of_actions_matches_the_tested_results()
        => GeneratedDocs.Hold("docs/unknown-outcomes.md", "actions", FaultTable.OfActions());

    [Test]
    public void Every_exception_of_a_vendor_is_needed_and_has_a_reason()
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
    public void The_names_of_the_faults_are_unique() => Assert.That(FaultCatalogue.All.Select(fault => fault.Name), Is.Unique);
}
