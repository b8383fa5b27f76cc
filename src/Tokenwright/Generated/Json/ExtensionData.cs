using System.Buffers.Binary;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace Tokenwright.Generated;

/// <summary>
/// Represents a model's unknown members. They are stored as the received bytes until somebody reads them. Most callers never do, and a
/// dictionary would need several times as much memory.
/// </summary>
internal sealed class ExtensionData : IDictionary<string, object>
{
    private const int Prefix = 2 * sizeof(int);
    private const int FirstBytes = 512;

    private byte[] _bytes = [];
    private int _length;

    // One bit for each name, so that most searches for a missing name end without reading the bytes.
    private ulong _names;
    private Dictionary<string, object>? _members;

    public int Count => Members.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => Members.Keys;

    public ICollection<object> Values => Members.Values;

    private Dictionary<string, object> Members => _members ??= ToMembers();

    public object this[string key]
    {
        get => Members[key];
        set => Members[key] = value;
    }

    /// <summary>Adds a member. It replaces an earlier one with the same name.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="value">The member's value, as JSON.</param>
    /// <param name="rest">The number of bytes in the document after the value.</param>
    public void Keep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int rest)
    {
        if (_members is not null)
        {
            _members[Encoding.UTF8.GetString(name)] = RawJson.Of(value);
            return;
        }

        var end = _length + Prefix + name.Length + value.Length;
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(end, _length == 0 ? Math.Min(end + rest, FirstBytes) : 2 * _bytes.Length));
        var place = _bytes.AsSpan(_length);
        BinaryPrimitives.WriteInt32LittleEndian(place, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(place[sizeof(int)..], value.Length);
        name.CopyTo(place[Prefix..]);
        value.CopyTo(place[(Prefix + name.Length)..]);
        _length = end;
        _names |= Ascii.IsValid(name) ? BitOf(name) : ulong.MaxValue;
    }

    /// <summary>Determines whether there is a member with a name, ignoring case.</summary>
    public bool Has(string name) => TryFind(name, out _);

    /// <summary>Gets the value, as JSON, of the last member with a name, ignoring case; null if there is none.</summary>
    public string? Find(string name)
    {
        if (_members is not null)
            return Find(_members, name);
        return TryFind(name, out var value) ? Encoding.UTF8.GetString(value) : null;
    }

    /// <summary>Removes the members with a name, ignoring case, and clears their bytes. Call it before <see cref="ToTexts"/>.</summary>
    public void Wipe(string name)
    {
        if (Has(name))
            WipeAll(name);
    }

    private void WipeAll(string name)
    {
        var bytes = _bytes;
        foreach (var key in Members.Keys.Where(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)).ToList())
            Members.Remove(key);
        Array.Clear(bytes);
    }

    /// <summary>Gets all members as JSON text. The texts are created from the current members when they are read.</summary>
    public IReadOnlyDictionary<string, string> ToTexts()
        => _members is null ? new LazyTexts(_bytes.AsMemory(0, _length))
            : _members.ToDictionary(member => member.Key, member => VendorJson.Text(member.Value), StringComparer.Ordinal);

    public void Add(string key, object value) => Members.Add(key, value);

    public void Add(KeyValuePair<string, object> item) => Members.Add(item.Key, item.Value);

    public void Clear() => Members.Clear();

    public bool Contains(KeyValuePair<string, object> item) => Members.Contains(item);

    public bool ContainsKey(string key) => Members.ContainsKey(key);

    public void CopyTo(KeyValuePair<string, object>[] array, int arrayIndex)
        => ((ICollection<KeyValuePair<string, object>>)Members).CopyTo(array, arrayIndex);

    public bool Remove(string key) => Members.Remove(key);

    public bool Remove(KeyValuePair<string, object> item) => ((ICollection<KeyValuePair<string, object>>)Members).Remove(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value) => Members.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => Members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string? Find(Dictionary<string, object> members, string name)
        => members.LastOrDefault(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase))
            is { Key: not null } found ? VendorJson.Text(found.Value) : null;

    private bool TryFind(string name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (_members is not null)
            return _members.Keys.Contains(name, StringComparer.OrdinalIgnoreCase);
        var isFound = false;
        if ((_names & BitOf<char>(name)) == 0)
            return false;
        foreach (var (key, json) in new Entries(_bytes.AsSpan(0, _length)))
        {
            if (!IsName(key, name))
                continue;
            value = json;
            isFound = true;
        }

        return isFound;
    }

    // The bit depends on the length, and on the first and the last character without their case. A name that isn't ASCII can be equal to a
    // name of another length, so it sets all bits.
    private static ulong BitOf<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T>
        => name.IsEmpty ? 1
            : 1UL << (((name.Length * 7) + (int.CreateTruncating(name[0]) & 0x1F) + ((int.CreateTruncating(name[^1]) & 0x1F) * 3)) & 63);

    // A character needs at least one byte, so a shorter key is another name. Most others differ in the first character.
    private static bool IsName(ReadOnlySpan<byte> key, string name)
        => key.Length >= name.Length
            && (name.Length == 0 || !char.IsAscii(name[0]) || !char.IsAscii((char)key[0]) || (key[0] | 0x20) == (name[0] | 0x20))
            && (Ascii.IsValid(key) ? Ascii.EqualsIgnoreCase(key, name)
                : string.Equals(Encoding.UTF8.GetString(key), name, StringComparison.OrdinalIgnoreCase));

    private Dictionary<string, object> ToMembers()
    {
        var members = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in new Entries(_bytes.AsSpan(0, _length)))
            members[Encoding.UTF8.GetString(name)] = RawJson.Of(value);
        (_bytes, _length) = ([], 0);
        return members;
    }

    private ref struct Entries(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public Entry Current { get; private set; }

        public readonly Entries GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            var name = BinaryPrimitives.ReadInt32LittleEndian(_rest);
            var value = BinaryPrimitives.ReadInt32LittleEndian(_rest[sizeof(int)..]);
            Current = new Entry(_rest.Slice(Prefix, name), _rest.Slice(Prefix + name, value));
            _rest = _rest[(Prefix + name + value)..];
            return true;
        }
    }

    private readonly ref struct Entry(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        private readonly ReadOnlySpan<byte> _name = name;
        private readonly ReadOnlySpan<byte> _value = value;

        public void Deconstruct(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
        {
            name = _name;
            value = _value;
        }
    }

    private sealed class LazyTexts(ReadOnlyMemory<byte> bytes) : IReadOnlyDictionary<string, string>
    {
        private Dictionary<string, string>? _texts;

        public int Count => Texts.Count;

        public IEnumerable<string> Keys => Texts.Keys;

        public IEnumerable<string> Values => Texts.Values;

        private Dictionary<string, string> Texts => _texts ??= ToTexts();

        public string this[string key] => Texts[key];

        public bool ContainsKey(string key) => Texts.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => Texts.TryGetValue(key, out value);

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Texts.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private Dictionary<string, string> ToTexts()
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in new Entries(bytes.Span))
                texts[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(value);
            return texts;
        }
    }
}
