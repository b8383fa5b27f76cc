using Tokenwright.Testing;

namespace Tokenwright.CrashTests;

internal sealed class CompletenessTests
{
    [Test]
    public void No_vendor_is_missing()
    {
        var tested = new List<string>();
        foreach (var subject in CrashSubject.All)
        {
            using var emulator = subject.Start(new EmulatorOptions());
            tested.Add(emulator.Vendor);
        }

        Assert.That(tested.Distinct(), Is.EquivalentTo(TokenVendors.All.Select(vendor => vendor.Name)));
    }
}
