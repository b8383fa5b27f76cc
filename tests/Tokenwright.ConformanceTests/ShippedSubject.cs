using Microsoft.Extensions.Configuration;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <summary>A client variant that is shipped. Each class that derives from this is run; none needs to be named anywhere else.</summary>
internal abstract class ShippedSubject : ConformanceSubject
{
    /// <summary>All of them, by name; the name is also the head of a column in the README's table.</summary>
    public static IReadOnlyList<ShippedSubject> All { get; } =
    [
        .. typeof(ShippedSubject).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ShippedSubject)) && !type.IsAbstract)
            .Select(type => (ShippedSubject)Activator.CreateInstance(type)!)
            .OrderBy(subject => subject.Name, StringComparer.OrdinalIgnoreCase),
    ];

    public static IEnumerable<ShippedSubject> Vendors => All.Where(subject => subject.IsVendor);

    /// <summary>The vendor; null where there is none, and so no column in the README's table.</summary>
    public virtual TokenVendor? Vendor => null;

    public bool IsVendor => Vendor is not null;

    /// <summary>The request that exchanges the connection's credential for one that the API takes; null where none is exchanged.</summary>
    public virtual (string Method, string Path)? Exchange => null;

    /// <summary>The request that looks up a token for an operation that is done by another request; null where none does.</summary>
    public virtual (string Method, string Path)? LookUp => null;

    /// <summary>What the fault matrix must expect of this vendor alone, each with its reason.</summary>
    public virtual IReadOnlyList<VendorException> FaultExceptions => [];

    /// <summary>Adds a connection to a container.</summary>
    /// <param name="builder">The container's connections.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="configuration">Its settings.</param>
    public TokenConnectionBuilder Register(TokenwrightBuilder builder, string name, IConfiguration configuration)
        => builder.AddConnection(Vendor!, name, configuration);

    /// <summary>The client's capabilities, by its vendor's descriptor.</summary>
    public virtual TokenCapabilities ReadCapabilities() => Vendor!.GetCapabilities(Vendor.CreateOptions());
}
