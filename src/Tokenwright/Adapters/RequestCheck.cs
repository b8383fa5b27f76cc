using Tokenwright.Generated;

namespace Tokenwright.Adapters;

/// <summary>
/// Collects what is wrong with a request before it is sent, so that a caller learns all of it at once. Adapters check what the vendor's
/// documents give; what only the server can know stays with the server.
/// </summary>
public sealed class RequestCheck
{
    private readonly List<TokenRequestProblem> _problems = [];

    /// <summary>Gets what is wrong; empty if all is well.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems => _problems;

    /// <summary>Adds a problem.</summary>
    /// <param name="field">The member of the request.</param>
    /// <param name="message">What is wrong with it and what to do, as a sentence. It never shows a secret.</param>
    public void Add(string field, string message) => _problems.Add(new(field, message));

    /// <summary>
    /// Refuses a member that the vendor has no place for: to leave it out silently would not be what the caller asked for.
    /// </summary>
    /// <param name="field">The member of the request.</param>
    /// <param name="value">Its value; null and empty lists are fine.</param>
    /// <param name="reason">Why there is no place for it, as a sentence.</param>
    public void Unsupported(string field, object? value, string reason)
    {
        if (value is not null and not System.Collections.ICollection { Count: 0 })
            Add(field, reason);
    }

    /// <summary>Demands a text.</summary>
    /// <param name="field">The member of the request.</param>
    /// <param name="value">Its value.</param>
    public void Required(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            Add(field, "It is missing.");
    }

    /// <summary>Demands that a text is no longer than the vendor takes, and not empty.</summary>
    /// <param name="field">The member of the request.</param>
    /// <param name="value">Its value; null is fine.</param>
    /// <param name="longest">The most characters that the vendor takes.</param>
    /// <param name="emptyAllowed">Whether an empty text is fine too.</param>
    public void Length(string field, string? value, int longest, bool emptyAllowed = false)
    {
        if (value is null)
            return;
        if (value.Trim().Length == 0 && !emptyAllowed)
            Add(field, "It is empty.");
        else if (value.Length > longest)
            Add(field, $"It has {value.Length} characters; the vendor takes {longest}.");
    }

    /// <summary>Demands that a token's end lies ahead, and within what the vendor takes.</summary>
    /// <param name="field">The member of the request.</param>
    /// <param name="expiry">The end; null and never are fine here.</param>
    /// <param name="now">The present.</param>
    /// <param name="shortest">The shortest life that the vendor takes; null if it names none.</param>
    /// <param name="longest">The longest life that the vendor takes; null if it names none.</param>
    public void Expiry(string field, TokenExpiry? expiry, DateTimeOffset now, TimeSpan? shortest = null, TimeSpan? longest = null)
    {
        if (expiry?.ToLifetime(now) is not { } lifetime)
            return;
        if (lifetime <= TimeSpan.Zero)
            Add(field, $"It lies in the past ({expiry}); it is {now.ToUniversalTime():u} now.");
        else if (lifetime < shortest)
            Add(field, $"The token would live {lifetime}; the vendor's shortest life is {shortest}.");
        else if (lifetime > longest)
            Add(field, $"The token would live {lifetime}; the vendor's longest life is {longest}.");
    }

    /// <summary>Takes the vendor's own request model from a request.</summary>
    /// <typeparam name="TModel">The model of the vendor's operation.</typeparam>
    /// <param name="raw">The caller's instance, or null.</param>
    /// <returns>A copy of the caller's instance, or a new one. Where the type is wrong, a new one and a problem.</returns>
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
