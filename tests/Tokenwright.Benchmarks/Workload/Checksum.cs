namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// A checksum of everything that was read. Within one process it is the same for all who read the same, so it shows if a candidate skips
/// something. It costs the same for all candidates.
/// </summary>
internal struct Checksum
{
    private ulong _value;

    public readonly long Value => (long)_value;

    public void Add(long number) => _value = unchecked((_value * 0x9E37_79B9_7F4A_7C15) + (ulong)number);

    // A caller sees no difference between a missing and an empty string.
    public void Add(string? text) => Add(string.IsNullOrEmpty(text) ? 0 : string.GetHashCode(text));

    // By index, because enumerating a list through its interface would allocate, and that would count for the candidate.
    public void Add(ICollection<string>? texts)
    {
        if (texts is not IList<string> list)
            return;
        for (var i = 0; i < list.Count; i++)
            Add(list[i]);
    }

    public void Add(DateTimeOffset? time) => Add(time?.UtcTicks ?? 0);

    // The members of a token, in the order in which every candidate adds them.
    public void Add(
        long? id, string? name, string? description, ICollection<string>? roles, long? ownerId, string? ownerName, bool? used,
        DateTimeOffset? created, DateTimeOffset? updated)
    {
        Add(id ?? 0);
        Add(name);
        Add(description);
        Add(roles);
        Add(ownerId ?? 0);
        Add(ownerName);
        Add(used == true ? 1 : 0);
        Add(created);
        Add(updated);
    }
}
