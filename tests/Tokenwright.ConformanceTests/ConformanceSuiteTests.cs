using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <summary>Runs the suite for every shipped client, and checks that it covers what it must.</summary>
[Parallelizable(ParallelScope.None)]
internal sealed class ConformanceSuiteTests
{
    private static IEnumerable<TestCaseData> Cases
        => from subject in ShippedSubject.All
           from one in ConformanceSuite.CasesOf(subject)
           select new TestCaseData(one).SetArgDisplayNames(subject.Name, one.Name);

    [TestCaseSource(nameof(Cases))]
    public Task A_client_conforms(ConformanceCase one) => one.RunAsync();

    [Test]
    public void There_is_a_case_for_each_operation_by_each_kind_of_reference()
    {
        var names = ConformanceSuite.CasesOf(ShippedSubject.All[0]).Select(one => one.Name).ToList();

        Assert.That(names, Is.Unique);
        foreach (var operation in Enum.GetValues<TokenOperation>())
        {
            foreach (var kind in operation is TokenOperation.List or TokenOperation.Create
                ? [TokenReferenceKinds.None] : Enum.GetValues<TokenReferenceKinds>().Where(kind => kind != TokenReferenceKinds.None))
                Assert.That(names, Does.Contain($"An operation works or is refused as the capabilities say ({operation}, {kind})"));
        }
    }

    [Test]
    public void Every_vendor_has_a_value_that_can_t_be_read()
        => Assert.That(ShippedSubject.Vendors.Where(subject => subject.Unreadable is null), Is.Empty);

    [Test]
    public void Every_vendor_whose_records_show_an_expiry_or_a_last_use_names_its_member()
        => Assert.That(
            ShippedSubject.Vendors.Where(subject => (subject.Shown.HasFlag(TokenMembers.ExpiresAt) && subject.ExpiryMember is null)
                || (subject.Shown.HasFlag(TokenMembers.LastUsedAt) && subject.LastUseMember is null)),
            Is.Empty);
}
