using Microsoft.Extensions.Configuration;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <summary>A shipped client variant. The tests find each class that derives from this one; nothing else needs to name it.</summary>
internal abstract class ShippedSubject : ConformanceSubject
{
    /// <summary>Gets all subjects by name. The name is also the head of a column in the README's table.</summary>
    public static IReadOnlyList<ShippedSubject> All { get; } =
    [
        .. typeof(ShippedSubject).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ShippedSubject)) && !type.IsAbstract)
            .Select(type => (ShippedSubject)Activator.CreateInstance(type)!)
            .OrderBy(subject => subject.Name, StringComparer.OrdinalIgnoreCase),
    ];

    public static IEnumerable<ShippedSubject> Vendors => All.Where(subject => subject.IsVendor && !subject.IsVariant);

    /// <summary>Gets the vendor; null if there is none, and then the README's table has no column for it.</summary>
    public virtual TokenVendor? Vendor => null;

    public bool IsVendor => Vendor is not null;

    /// <summary>
    /// Gets whether only the server differs from that of another subject. Then the README's table has no column for it, and the fault
    /// matrix has no cells.
    /// </summary>
    public virtual bool IsVariant => false;

    /// <summary>Gets the request that exchanges the connection's credential; null if the vendor needs no exchange.</summary>
    public virtual (string Method, string Path)? Exchange => null;

    /// <summary>Gets the request that looks up a token before the main request; null if none does.</summary>
    public virtual (string Method, string Path)? LookUp => null;

    /// <summary>Gets the exceptions of this vendor in the fault matrix, with their reasons.</summary>
    public virtual IReadOnlyList<VendorException> FaultExceptions => [];

    /// <summary>Adds a connection to a container.</summary>
    /// <param name="builder">The container's connections.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="configuration">Its settings.</param>
    public TokenConnectionBuilder Register(TokenwrightBuilder builder, string name, IConfiguration configuration)
        => builder.AddConnection(Vendor!, name, configuration);

    /// <summary>Gets the client's capabilities, from its vendor's descriptor.</summary>
    public virtual TokenCapabilities ReadCapabilities() => Vendor!.GetCapabilities(Vendor.CreateOptions());
}
