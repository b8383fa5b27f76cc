using System.Net;

namespace Tokenwright;

/// <summary>What every connection can be told, whatever its vendor.</summary>
public abstract class ConnectionOptions
{
    /// <summary>
    /// Where the vendor's API is; https, or http on a loopback address. Each vendor's options say what its address looks like and whether it has a default.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>How long a call may take in all, the exchange of credentials and the body of the answer included. 30 seconds by default.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one request may take, the body of the answer included. 10 seconds by default.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes that an answer may have, after decompression. 16 MiB by default.</summary>
    public int MaxResponseBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Finds what is wrong with these options.</summary>
    /// <returns>One sentence per problem, with the member's name; none if all is well.</returns>
    public IEnumerable<string> Validate()
    {
        if (BaseAddress is null)
            yield return $"{nameof(BaseAddress)} is missing.";
        else if (!BaseAddress.IsAbsoluteUri)
            yield return $"{nameof(BaseAddress)} '{BaseAddress}' is not an absolute address; write it with its scheme, https://….";
        else if (BaseAddress.Scheme != Uri.UriSchemeHttps && !(BaseAddress.Scheme == Uri.UriSchemeHttp && IsLoopback(BaseAddress)))
            yield return $"{nameof(BaseAddress)} '{BaseAddress.Scheme}://{BaseAddress.Authority}' would send the credential unencrypted; use https (http is taken for loopback addresses only).";
        else if (BaseAddress.UserInfo.Length > 0 || BaseAddress.Query.Length > 0 || BaseAddress.Fragment.Length > 0)
            yield return $"{nameof(BaseAddress)} must have no user, query or fragment part; credentials have options of their own.";

        if (AttemptTimeout <= TimeSpan.Zero)
            yield return $"{nameof(AttemptTimeout)} must be longer than zero, not {AttemptTimeout}.";
        if (TotalTimeout < AttemptTimeout)
            yield return $"{nameof(TotalTimeout)} ({TotalTimeout}) must not be shorter than {nameof(AttemptTimeout)} ({AttemptTimeout}).";
        if (MaxResponseBytes <= 0)
            yield return $"{nameof(MaxResponseBytes)} must be more than zero, not {MaxResponseBytes}.";
        foreach (var problem in ValidateVendor())
            yield return problem;
    }

    /// <summary>Finds what is wrong with the vendor's own options.</summary>
    /// <returns>One sentence per problem, with the member's name; none if all is well.</returns>
    protected abstract IEnumerable<string> ValidateVendor();

    private static bool IsLoopback(Uri address)
        => address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));
}
