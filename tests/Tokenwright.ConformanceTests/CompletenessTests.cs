using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>The suite covers every client, and the README matches the capabilities.</summary>
internal sealed class CompletenessTests
{
    [Test]
    public void Every_shipped_client_is_a_subject_of_the_suite()
    {
        // A tool is a program, so nobody can reference a client in it.
        var shipped = Directory.GetFiles(Path.Combine(GeneratedDocs.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => !File.ReadAllText(project).Contains("<PackAsTool>true", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension)
            .ToList();
        Assert.That(shipped, Is.Not.Empty);

        // Loading fails for a package that this project doesn't reference.
        var clients = shipped.SelectMany(name => Assembly.Load(name!).GetTypes())
            .Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(ITokenClient))
                && !type.IsAssignableTo(typeof(DelegatingTokenClient)));

        Assert.That(ShippedSubject.All.Select(subject => subject.ClientType).Distinct(), Is.EquivalentTo(clients));
    }

    [Test]
    public void A_subject_creates_clients_of_its_type()
    {
        foreach (var subject in ShippedSubject.All)
        {
            using var stage = subject.Start(new FakeTimeProvider());
            Assert.That(stage.Open(), Is.TypeOf(subject.ClientType), subject.Name);
        }
    }

    [Test]
    public void Every_vendor_has_an_emulator_that_is_started_by_its_name()
    {
        var names = new List<string>();
        foreach (var vendor in VendorEmulators.Vendors)
        {
            using var emulator = VendorEmulators.Start(vendor.ToUpperInvariant());
            Assert.That(emulator.Vendor, Is.EqualTo(vendor));
            names.Add(emulator.ConnectionName);
        }

        Assert.That(names, Is.Unique);
        Assert.That(VendorEmulators.Vendors, Is.EqualTo(
            ShippedSubject.Vendors.Select(subject => VendorOf(subject)).Distinct().Order(StringComparer.Ordinal)));
        Assert.That(() => VendorEmulators.Start("Nobody"), Throws.ArgumentException.With.Message.Contains("known are ExtremeCloudIQ, "));

        static string VendorOf(ShippedSubject subject)
        {
            using var stage = subject.Start(new FakeTimeProvider());
            return stage.Open().Metadata.Vendor;
        }
    }

    [TestCase("README.md")]
    [TestCase("docs/capabilities.md")]
    public void The_table_of_operations_is_what_the_capabilities_say(string page)
        => GeneratedDocs.Hold(page, "capabilities", CapabilityTable.Write());

    [Test]
    public void The_table_of_rotations_is_what_the_capabilities_say()
        => GeneratedDocs.Hold("README.md", "rotation", RotationTable.Write());

    [TestCaseSource(typeof(ShippedSubject), nameof(ShippedSubject.Vendors))]
    public void The_tokens_of_every_vendor_can_be_rotated(ShippedSubject subject)
        => Assert.That(RotationTable.ProblemsOf(subject.ReadCapabilities()), Is.Empty);

    [Test]
    public void The_table_of_limits_is_what_the_capabilities_say()
        => GeneratedDocs.Hold("docs/capabilities.md", "limits", CapabilityTable.WriteLimits());

    [TestCaseSource(typeof(ShippedSubject), nameof(ShippedSubject.Vendors))]
    public void A_vendor_s_page_has_its_capabilities(ShippedSubject subject)
    {
        using var stage = subject.Start(new FakeTimeProvider());
        var metadata = stage.Open().Metadata;
        GeneratedDocs.Hold($"docs/vendors/{metadata.Vendor.ToLowerInvariant()}.md", $"capabilities: {subject.Name}",
            CapabilityPages.Write(metadata.Capabilities));
    }

    [Test]
    public void The_table_of_resilience_is_what_capabilities_and_options_say()
        => GeneratedDocs.Hold("docs/resilience.md", "resilience", ResilienceTable.Write());
}
