using System.Net;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.SailPoint;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class SailPointPerServiceSubject : SailPointSubject
{
    public override string Name => "SailPoint per-service (v1)";

    protected override string Version => "v1";

    public override IReadOnlyList<VendorException> FaultExceptions =>
    [
        .. base.FaultExceptions,
        new(
            "The address of a bulk update names no token, so a 404 is about the address.",
            situation => situation is { Operation: TokenOperation.BulkUpdate, Target: Target.Main }
                && VendorException.IsRefused(situation, HttpStatusCode.NotFound),
            promise => promise with { Exception = typeof(TokenClientException) }),
    ];

    public override TokenCapabilities ReadCapabilities()
        => SailPointVendor.Instance.GetCapabilities(new SailPointOptions { ApiVersion = Version });
}
