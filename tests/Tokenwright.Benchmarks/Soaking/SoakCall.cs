using System.Globalization;

namespace Tokenwright.Benchmarks.Soaking;

/// <summary>
/// A call of the soak: its number says what it does and what happens to it. The number is the token's id in a get, and part of its name in
/// a create.
/// </summary>
internal readonly record struct SoakCall(long Number)
{
    private const int CreatePeriod = 10;
    private const int FaultPeriod = 200;
    private const string NamePrefix = "soak-";

    public bool IsCreate => Number % CreatePeriod == 0;

    public SoakFault Fault => (Number % FaultPeriod) switch
    {
        1 or 10 => SoakFault.Cancelled,
        2 => SoakFault.FailsOnce,
        3 or 20 => SoakFault.BreaksOffOnce,
        4 or 30 => SoakFault.Fails,
        _ => SoakFault.None,
    };

    /// <summary>Gets whether the call fails. A create is never retried, so it also fails if only its first response is lost.</summary>
    public bool Fails => Fault == SoakFault.Fails || (IsCreate && Fault == SoakFault.BreaksOffOnce);

    public string Id => Number.ToString(CultureInfo.InvariantCulture);

    public string Name => NamePrefix + Id;

    /// <summary>Finds the call that a request belongs to; null for the list that follows a lost create.</summary>
    /// <param name="address">The request's address.</param>
    /// <param name="body">The request's body; empty in a get.</param>
    public static SoakCall? Of(Uri address, string body)
    {
        var start = body.IndexOf(NamePrefix, StringComparison.Ordinal);
        var number = start < 0 ? address.Segments[^1] : body[(start + NamePrefix.Length)..body.IndexOf('"', start)];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? new SoakCall(known) : null;
    }
}
