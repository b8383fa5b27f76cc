using System.Collections.ObjectModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Tokenwright.Adapters;

/// <summary>
/// Provides shared objects for owners, roles and scopes that repeat in lists. A cache of fixed size keeps the latest object in each slot.
/// The objects are immutable.
/// </summary>
public static class RepeatedParts
{
    private const int Places = 1024;

    private static readonly Owner?[] Owners = new Owner?[Places];
    private static readonly Words<TokenRole> RoleSets = new(word => new TokenRole(word));
    private static readonly Words<TokenScope> ScopeSets = new(word => new TokenScope(word));

    /// <summary>Gets an owner whose id is a number.</summary>
    /// <param name="id">The vendor's id of the owner.</param>
    /// <param name="name">The owner's name.</param>
    /// <param name="kind">The kind of owner, in the vendor's terms.</param>
    public static TokenOwner OwnerOf(long? id, string? name, string? kind)
    {
        ref var place = ref Owners[PlaceOf(((int)(id ?? 0) * 31) + KeyOf(name))];
        if (Volatile.Read(ref place) is { } known && known.Number == id && known.Value.Name == name && known.Value.Kind == kind)
            return known.Value;
        var owner = new TokenOwner { Id = id?.ToString(CultureInfo.InvariantCulture), Name = name, Kind = kind };
        Volatile.Write(ref place, new Owner(id, owner));
        return owner;
    }

    /// <summary>Gets an owner whose id is a text.</summary>
    /// <param name="id">The vendor's id of the owner.</param>
    /// <param name="name">The owner's name.</param>
    /// <param name="kind">The kind of owner, in the vendor's terms.</param>
    public static TokenOwner OwnerOf(string? id, string? name, string? kind)
    {
        ref var place = ref Owners[PlaceOf((KeyOf(id) * 31) + KeyOf(name))];
        if (Volatile.Read(ref place) is { Number: null } known && known.Value.Id == id
            && known.Value.Name == name && known.Value.Kind == kind)
            return known.Value;
        var owner = new TokenOwner { Id = id, Name = name, Kind = kind };
        Volatile.Write(ref place, new Owner(null, owner));
        return owner;
    }

    /// <summary>Gets roles in their order. Values that are null, empty or white space are left out.</summary>
    /// <param name="words">The vendor's terms; null for none.</param>
    public static IReadOnlyList<TokenRole> RolesOf(ICollection<string>? words) => RoleSets.SetOf(words);

    /// <summary>Gets scopes in their order. Values that are null, empty or white space are left out.</summary>
    /// <param name="words">The vendor's terms; null for none.</param>
    public static IReadOnlyList<TokenScope> ScopesOf(ICollection<string>? words) => ScopeSets.SetOf(words);

    // The texts are compared completely afterwards, so a few of their characters are enough to choose a place.
    private static int KeyOf(string? text)
        => string.IsNullOrEmpty(text) ? 0 : (((((text.Length * 31) + text[0]) * 31) + text[text.Length / 2]) * 31) + text[^1];

    private static int PlaceOf(int key) => (int)((((uint)key * 2_654_435_769) >> 22) % Places);

    private sealed record Owner(long? Number, TokenOwner Value);

    private sealed class Words<T>(Func<string, T> of)
    {
        private readonly Set?[] _sets = new Set?[Places];

        public ReadOnlyCollection<T> SetOf(ICollection<string>? words)
        {
            if (words is not { Count: > 0 })
                return ReadOnlyCollection<T>.Empty;
            var list = words as List<string> ?? [.. words];
            var hash = 0;
            foreach (var word in list)
                hash = (hash * 31) + KeyOf(word);
            ref var place = ref _sets[PlaceOf(hash)];
            if (Volatile.Read(ref place) is { } known && known.Hash == hash && CollectionsMarshal.AsSpan(list).SequenceEqual(known.Texts))
                return known.Values;
            var values = new List<T>(list.Count);
            foreach (var word in list)
            {
                if (!string.IsNullOrWhiteSpace(word))
                    values.Add(of(word));
            }

            var set = new Set(hash, [.. list], values.AsReadOnly());
            Volatile.Write(ref place, set);
            return set.Values;
        }

        private sealed record Set(int Hash, string[] Texts, ReadOnlyCollection<T> Values);
    }
}
