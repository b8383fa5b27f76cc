namespace Tokenwright.ConformanceTests.Subjects;

/// <summary>A server of XMS whose lists don't report a total.</summary>
internal sealed class XmsWithoutPagingSubject : XmsSubject
{
    public override string Name => "XMS without paging";

    public override bool IsVariant => true;

    protected override bool HasPaging => false;
}
