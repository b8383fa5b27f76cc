using Tokenwright.Generated;

namespace Tokenwright.Adapters;

/// <summary>
/// Collects all problems of a request before it is sent, so that a caller sees all of them at once. Adapters check what the vendor
/// documents. The server checks what only it can know.
/// </summary>
public sealed class RequestCheck
{
    private List<TokenRequestProblem>? _problems;

    /// <summary>Gets the problems; empty if the request is valid.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems => _problems ?? (IReadOnlyList<TokenRequestProblem>)[];

    /// <summary>Adds a problem.</summary>
    /// <param name="field">The property of the request.</param>
    /// <param name="message">The description of the problem and what to do, as a sentence. It never shows a secret.</param>
    public void Add(string field, string message) => (_problems ??= []).Add(new(field, message));

    /// <summary>
    /// Adds a problem if a property that the vendor doesn't support has a value, because it must not be silently ignored.
    /// </summary>
    /// <param name="field">The property of the request.</param>
    /// <param name="value">Its value; null and empty lists are valid.</param>
    /// <param name="reason">Why the vendor doesn't support it, as a sentence.</param>
    public void Unsupported(string field, object? value, string reason)
    {
        if (value is not null and not System.Collections.ICollection { Count: 0 })
            Add(field, reason);
    }

    /// <summary>Adds a problem if a required text is missing.</summary>
    /// <param name="field">The property of the request.</param>
    /// <param name="value">Its value.</param>
    public void Required(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            Add(field, "It is missing.");
    }

    /// <summary>Adds a problem if a text is empty, or longer than the vendor accepts.</summary>
    /// <param name="field">The property of the request.</param>
    /// <param name="value">Its value; null is valid.</param>
    /// <param name="longest">The maximum number of characters.</param>
    /// <param name="emptyAllowed">Whether an empty text is valid too.</param>
    public void Length(string field, string? value, int longest, bool emptyAllowed = false)
    {
        if (value is null)
            return;
        if (value.Trim().Length == 0 && !emptyAllowed)
            Add(field, "It is empty.");
        else if (value.Length > longest)
            Add(field, $"It has {value.Length} characters; the vendor takes {longest}.");
    }

    /// <summary>Adds a problem if an expiry is in the past, or outside the lifetimes that the vendor accepts.</summary>
    /// <param name="field">The property of the request.</param>
    /// <param name="expiry">The expiry; null and never are valid here.</param>
    /// <param name="now">The current time.</param>
    /// <param name="shortest">The vendor's minimum lifetime; null if there is none.</param>
    /// <param name="longest">The vendor's maximum lifetime; null if there is none.</param>
    public void Expiry(string field, TokenExpiry? expiry, DateTimeOffset now, TimeSpan? shortest = null, TimeSpan? longest = null)
    {
        if (expiry?.ToLifetime(now) is not { } lifetime)
            return;
        if (lifetime <= TimeSpan.Zero)
            Add(field, $"It is in the past ({expiry}); it is {now.ToUniversalTime():u} now.");
        else if (lifetime < shortest)
            Add(field, $"The lifetime would be {lifetime}; the vendor's minimum is {shortest}.");
        else if (lifetime > longest)
            Add(field, $"The lifetime would be {lifetime}; the vendor's maximum is {longest}.");
    }

    /// <summary>Gets the vendor's own request model from a request.</summary>
    /// <typeparam name="TModel">The model of the vendor's operation.</typeparam>
    /// <param name="raw">The caller's instance; null for none.</param>
    /// <returns>A copy of the caller's instance, or a new one. If the type is wrong, a new one, and a problem is added.</returns>
    public TModel Raw<TModel>(object? raw)
        where TModel : class, IJsonModel<TModel>, new()
    {
        switch (raw)
        {
            case null:
                return new TModel();
            case TModel model:
                return VendorJson.Read<TModel>(VendorJson.Write(model)) ?? new TModel();
            default:
                Add(nameof(CreateTokenRequest.Raw), $"It must be a {typeof(TModel).FullName}, not a {raw.GetType().FullName}.");
                return new TModel();
        }
    }
}
