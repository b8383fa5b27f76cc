using System.Collections.ObjectModel;
using Tokenwright.Generated;

namespace Tokenwright.Adapters;

/// <summary>
/// Reads from a vendor's record whether its token works, when it expires and what rights it has, by the same rules for all vendors. A value
/// that was sent but can't be read counts as unknown, never as missing.
/// </summary>
/// <typeparam name="TModel">The vendor's model of a record.</typeparam>
public struct RecordReader<TModel>
    where TModel : class, IJsonModel<TModel>
{
    // Vendors write a missing time as year 1 (Go, Java, .NET) or as 1970 (Unix time). No API token is that old.
    private const int LastYearOfNothing = 1970;

    private readonly TModel _model;

    // Most records have nothing but what the model knows.
    private readonly bool _isAnyKept;
    private (string Name, string Json)? _refused;
    private bool _isOver;

    /// <summary>Initializes a new instance of the <see cref="RecordReader{TModel}"/> struct.</summary>
    /// <param name="model">The record.</param>
    public RecordReader(TModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _isAnyKept = model.ExtensionData is not null;
    }

    /// <summary>Gets the facts that the vendor sent in a form that couldn't be read.</summary>
    public TokenFields Unreadable { get; private set; }

    /// <summary>
    /// Gets the time when the token expires; null if it never expires, if the record doesn't say, if the value can't be read, or if
    /// <see cref="DateTimeOffset"/> can't represent it.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>Gets whether the token never expires, according to the record and the vendor's rules.</summary>
    public bool NeverExpires { get; private set; }

    /// <summary>
    /// Gets whether the token works, according to what was read: expired, unknown if the expiry or a flag can't be read, otherwise active.
    /// </summary>
    public readonly TokenState State
        => _isOver ? TokenState.Expired
        : (Unreadable & (TokenFields.Expiry | TokenFields.State)) != 0 ? TokenState.Unknown
        : TokenState.Active;

    /// <summary>Gets the unknown members of the record, and those whose value couldn't be read.</summary>
    public readonly IReadOnlyDictionary<string, string> UnknownFields
    {
        get
        {
            var fields = VendorJson.UnknownFields(_model);
            return _refused is { } refused
                ? new ReadOnlyDictionary<string, string>(
                    new Dictionary<string, string>(fields, StringComparer.Ordinal) { [refused.Name] = refused.Json })
                : fields;
        }
    }

    /// <summary>Reads a time that no decision depends on, such as the creation time.</summary>
    /// <param name="read">The value in the model.</param>
    /// <param name="name">The member's name. If the model couldn't read the value, this method tries other forms of a time.</param>
    /// <returns>The time; null if there is none, if it can't be read, or if it is in or before 1970, which means none.</returns>
    public readonly DateTimeOffset? Time(DateTimeOffset? read, string name) => Known(read ?? Kept(name));

    /// <summary>Reads when the token was last used.</summary>
    /// <inheritdoc cref="Time"/>
    public DateTimeOffset? LastUse(DateTimeOffset? read, string name)
    {
        var time = read ?? Kept(name);
        if (time is null && IsSent(name))
            Unreadable |= TokenFields.LastUse;
        return Known(time);
    }

    /// <summary>
    /// Reads when the token expires. A time in or before 1970 can't be read, because it can mean that there is no expiry or that the token
    /// has expired.
    /// </summary>
    /// <param name="read">The value in the model.</param>
    /// <param name="clock">The clock, to decide whether the token has expired; null if the record proves that it has not.</param>
    /// <param name="missingMeansNever">Whether a token without an expiry never expires, by the vendor's rules.</param>
    /// <param name="names">The member's name, and other names under which vendors were seen to send the expiry.</param>
    public void ReadExpiry(DateTimeOffset? read, TimeProvider? clock, bool missingMeansNever, params ReadOnlySpan<string> names)
    {
        var isSent = false;
        foreach (var name in names)
        {
            read ??= Kept(name);
            isSent |= IsSent(name);
        }

        if (read is { } time && Known(time) is null)
            Refuse(names[0], VendorJson.Text(time));
        else if (read is not null)
            SetExpiry(read, read <= clock?.GetUtcNow());
        else if (isSent)
            Unreadable |= TokenFields.Expiry;
        else
            NeverExpires = missingMeansNever;
    }

    /// <summary>Sets an expiry that is certain, whatever its value.</summary>
    /// <param name="time">When the token expires; null if <see cref="DateTimeOffset"/> can't represent it.</param>
    /// <param name="isOver">Whether the token has expired.</param>
    public void SetExpiry(DateTimeOffset? time, bool isOver) => (ExpiresAt, _isOver) = (time, isOver);

    /// <summary>Rejects a number that the model read as the expiry, but that isn't a time.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="number">The value, which is kept in <see cref="UnknownFields"/>.</param>
    public void RefuseExpiry(string name, long number) => Refuse(name, VendorJson.Text(number));

    /// <summary>Reads a flag for a deactivated or revoked token.</summary>
    /// <param name="read">The value in the model.</param>
    /// <param name="name">The member's name.</param>
    /// <returns>The flag; false if it can't be read. <see cref="State"/> is then unknown.</returns>
    public bool Flag(bool? read, string name)
    {
        if (read is null && IsSent(name))
            Unreadable |= TokenFields.State;
        return read == true;
    }

    /// <summary>Checks whether the members that contain the token's rights could be read.</summary>
    /// <param name="names">Their names.</param>
    public void ReadRights(params ReadOnlySpan<string> names) => ReadRights(_isAnyKept ? _model : null, names);

    /// <summary>Checks whether the members in a part of the record that contain the token's rights could be read.</summary>
    /// <typeparam name="TPart">The model of the part.</typeparam>
    /// <param name="part">The part; null for none.</param>
    /// <param name="names">The members' names.</param>
    public void ReadRights<TPart>(TPart? part, params ReadOnlySpan<string> names)
        where TPart : class, IJsonModel<TPart>
    {
        if (part is not null && VendorJson.Keeps(part, names))
            Unreadable |= TokenFields.Rights;
    }

    private static DateTimeOffset? Known(DateTimeOffset? time) => time is { Year: > LastYearOfNothing } ? time : null;

    private void Refuse(string name, string json)
    {
        Unreadable |= TokenFields.Expiry;
        _refused = (name, json);
        (ExpiresAt, NeverExpires, _isOver) = (null, false, false);
    }

    // A null isn't a value, whatever its name.
    private readonly bool IsSent(string name) => _isAnyKept && VendorJson.Kept(_model, name) is not (null or "null");

    private readonly DateTimeOffset? Kept(string name)
        => _isAnyKept && VendorJson.Kept(_model, name) is { } json && VendorTime.TryParse(json.Trim('"'), out var time) ? time : null;
}
