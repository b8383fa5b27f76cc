namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// A number over everything that was read, the same in one process for whoever read the same: a candidate that skips something is seen.
/// Made in the same way and at the same cost for all.
/// </summary>
internal struct Checksum
{
    private ulong _value;

    public readonly long Value => (long)_value;

    public void Add(long number) => _value = unchecked((_value * 0x9E37_79B9_7F4A_7C15) + (ulong)number);

    // Absent and empty texts are the same to a caller.
    public void Add(string? text) => Add(string.IsNullOrEmpty(text) ? 0 : string.GetHashCode(text));

    // By index, so that going through a list that a model shows as an interface allocates nothing on the candidate's account.
    public void Add(ICollection<string>? texts)
    {
        if (texts is not IList<string> list)
            return;
        for (var i = 0; i < list.Count; i++)
            Add(list[i]);
    }

    public void Add(DateTimeOffset? time) => Add(time?.UtcTicks ?? 0);
}
