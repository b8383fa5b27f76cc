using System.Collections.ObjectModel;
using Tokenwright.Generated;

namespace Tokenwright.Adapters;

/// <summary>
/// Reads from a vendor's record whether its token works, until when, and what it may do, by the same rules for all vendors: what was sent
/// and can't be read is unknown, and never taken for missing.
/// </summary>
/// <typeparam name="TModel">The vendor's model of a record.</typeparam>
public struct RecordReader<TModel>
    where TModel : class, IJsonModel<TModel>
{
    // Not set, in the languages that vendors use: the year 1 in Go, Java and .NET, 1970 in all that count from there. No API token is as
    // old.
    private const int LastYearOfNothing = 1970;

    private readonly TModel _model;
    private (string Name, string Json)? _refused;
    private bool _isOver;

    /// <summary>Initializes a reader.</summary>
    /// <param name="model">The record.</param>
    public RecordReader(TModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    /// <summary>Gets what of the record was sent and could not be read.</summary>
    public TokenFields Unreadable { get; private set; }

    /// <summary>
    /// Gets the time when the token expires; null where it never does, where the record doesn't say, and where that can't be read or has no
    /// <see cref="DateTimeOffset"/>.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>Gets whether the record says, by the vendor's rules, that the token never expires.</summary>
    public bool NeverExpires { get; private set; }

    /// <summary>
    /// Whether the token works, as far as what was read tells: expired, unknown where its expiry or one of its flags can't be read, else
    /// active.
    /// </summary>
    public readonly TokenState State
        => _isOver ? TokenState.Expired
        : (Unreadable & (TokenFields.Expiry | TokenFields.State)) != 0 ? TokenState.Unknown
        : TokenState.Active;

    /// <summary>The unknown members of the record, and those whose value could not be read.</summary>
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

    /// <summary>Reads a time that nothing depends on, such as that of issue.</summary>
    /// <param name="read">The value in the model.</param>
    /// <param name="name">The member's name. A value that the model could not read is read here, if it is a time in another form.</param>
    /// <returns>The time; null for none, for one in or before 1970, which means none, and for one that can't be read.</returns>
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
    /// Reads when the token expires. A time in or before 1970 can mean that none is set as well as that the token expired, so it can't be
    /// read.
    /// </summary>
    /// <param name="read">The value in the model.</param>
    /// <param name="now">The present, by which the token has expired or not; null where the record itself proves that it has not.</param>
    /// <param name="missingMeansNever">Whether, by the vendor's rules, a token without an expiry never expires.</param>
    /// <param name="names">The member's name, and others that an expiry was seen under.</param>
    public void ReadExpiry(DateTimeOffset? read, DateTimeOffset? now, bool missingMeansNever, params ReadOnlySpan<string> names)
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
            SetExpiry(read, read <= now);
        else if (isSent)
            Unreadable |= TokenFields.Expiry;
        else
            NeverExpires = missingMeansNever;
    }

    /// <summary>Sets an expiry that is known for certain, whatever it looks like.</summary>
    /// <param name="time">When the token expires; null where <see cref="DateTimeOffset"/> has no such time.</param>
    /// <param name="isOver">Whether the token has expired.</param>
    public void SetExpiry(DateTimeOffset? time, bool isOver) => (ExpiresAt, _isOver) = (time, isOver);

    /// <summary>Refuses a number that the model has read as the expiry, but that is no time.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="number">Its value; it is kept among <see cref="UnknownFields"/>.</param>
    public void RefuseExpiry(string name, long number) => Refuse(name, VendorJson.Text(number));

    /// <summary>Reads a flag that says that the token was deactivated or revoked.</summary>
    /// <param name="read">The value in the model.</param>
    /// <param name="name">The member's name.</param>
    /// <returns>Whether it was; false where that can't be read, which <see cref="State"/> then says.</returns>
    public bool Flag(bool? read, string name)
    {
        if (read is null && IsSent(name))
            Unreadable |= TokenFields.State;
        return read == true;
    }

    /// <summary>Looks whether the members that say what the token may do could be read.</summary>
    /// <param name="names">Their names.</param>
    public void ReadRights(params ReadOnlySpan<string> names) => ReadRights(_model, names);

    /// <summary>Looks whether the members that say what the token may do could be read, in a part of the record.</summary>
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

    // A null is no value, under whatever name.
    private readonly bool IsSent(string name) => VendorJson.Kept(_model, name) is not (null or "null");

    private readonly DateTimeOffset? Kept(string name)
        => VendorJson.Kept(_model, name) is { } json && VendorTime.TryParse(json.Trim('"'), out var time) ? time : null;
}
