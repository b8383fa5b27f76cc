using Tokenwright.Xms;

namespace Tokenwright.ConformanceTests.Subjects;

/// <summary>A server whose lists don't report a total. Its capabilities are those of XMS, so it has no column of its own.</summary>
internal sealed class XmsWithoutPagingSubject : XmsSubject
{
    public override string Name => "XMS without paging";

    public override TokenVendor? Vendor => null;

    protected override bool HasPaging => false;

    public override TokenCapabilities ReadCapabilities() => XmsVendor.Instance.GetCapabilities(new XmsOptions());
}
