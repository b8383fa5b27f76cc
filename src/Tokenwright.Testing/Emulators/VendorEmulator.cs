using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Provides a base class for emulators. An emulator is a server on loopback that stores tokens and responds as a vendor does. It starts
/// with the example data in the vendor's documents.
/// </summary>
public abstract class VendorEmulator : VendorServer
{
    // The clients of a process remember the ids of tokens that an address returned, because such tokens aren't orphaned. If a port is
    // reused, the new emulator must not repeat the ids. This doesn't depend on the clock, because a client can have another one.
    private static readonly ConcurrentDictionary<(string Vendor, int Port), StrongBox<long>> LastNumbers = [];

    private readonly Lock _lock = new();
    private readonly StrongBox<long> _lastNumber;
    private readonly List<EmulatedToken> _tokens = [];
    private readonly Dictionary<EmulatedToken, DateTimeOffset> _shownFrom = [];

    /// <summary>Initializes a new instance of the <see cref="VendorEmulator"/> class and starts it.</summary>
    /// <param name="vendor">The vendor's name as this SDK writes it.</param>
    /// <param name="options">The options; null for a free port, the system clock, and the live service's behavior.</param>
    protected VendorEmulator(string vendor, EmulatorOptions? options)
        : base(options?.Port ?? 0, options?.TimeProvider)
    {
        Vendor = vendor;
        Behaviour = options?.Behaviour ?? EmulatorBehaviour.Live;
        _lastNumber = LastNumbers.GetOrAdd((vendor, BaseAddress.Port), static _ => new StrongBox<long>());
    }

    /// <summary>Gets the vendor's name.</summary>
    public string Vendor { get; }

    /// <summary>Gets which behavior is emulated if the vendor's documents and its live service differ.</summary>
    public EmulatorBehaviour Behaviour { get; }

    /// <summary>
    /// Gets or sets the maximum number of tokens on a page, even if a request asks for more, at vendors with pages; null for the vendor's
    /// own maximum.
    /// </summary>
    public int? LargestPage { get; set; }

    /// <summary>
    /// Gets the options of a connection to this emulator, by name: its address and a valid credential. They can be used as configuration.
    /// </summary>
    public abstract IReadOnlyDictionary<string, string> ConnectionSettings { get; }

    /// <summary>Gets the connection's name in examples, which says what the vendor is for.</summary>
    public virtual string ConnectionName => Vendor;

    /// <summary>
    /// Gets the tokens of the emulator, in the order in which its API lists them. It includes revoked tokens that the vendor keeps.
    /// </summary>
    public IReadOnlyList<EmulatedToken> Tokens
    {
        get
        {
            lock (_lock)
                return [.. _tokens];
        }
    }

    /// <summary>
    /// Gets or sets how long a new token, from the API or from <see cref="Add"/>, takes to appear in lists and by its key. The default is
    /// zero. The token itself works at once. A change affects only tokens that are added later.
    /// </summary>
    public TimeSpan ListLag { get; set; }

    /// <summary>Gets the <see cref="Tokens"/> that lists already show.</summary>
    protected internal IReadOnlyList<EmulatedToken> ListedTokens
    {
        get
        {
            var now = Clock.GetUtcNow();
            lock (_lock)
                return [.. _tokens.Where(token => !_shownFrom.TryGetValue(token, out var from) || from <= now)];
        }
    }

    internal bool IsDocumented => Behaviour == EmulatorBehaviour.Documented;

    /// <summary>Adds a token without the vendor's checks and limits. Properties that are not set get the vendor's defaults.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The same token.</returns>
    public EmulatedToken Add(EmulatedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        lock (_lock)
        {
            token.CreatedAt ??= Clock.GetUtcNow();
            Complete(token);
            _tokens.Add(token);
            if (ListLag > TimeSpan.Zero)
                _shownFrom[token] = Clock.GetUtcNow() + ListLag;
            return token;
        }
    }

    /// <summary>
    /// Adds tokens for which an audit has findings, as in accounts that have grown over years: unused, expired and over-privileged ones. It
    /// can also change the connection's own token in this way.
    /// </summary>
    public virtual void AddSampleTokens()
    {
    }

    /// <summary>Removes all tokens. The credential in <see cref="ConnectionSettings"/> still works.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _tokens.Clear();
            _shownFrom.Clear();
        }
    }

    /// <summary>Removes a token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Whether the token existed.</returns>
    public virtual bool Remove(EmulatedToken token)
    {
        lock (_lock)
        {
            _shownFrom.Remove(token);
            return _tokens.Remove(token);
        }
    }

    /// <summary>Gets a number that no id of this vendor and port has used in this process.</summary>
    internal long NextNumber() => Interlocked.Increment(ref _lastNumber.Value);

    /// <summary>Sets the missing values of a new token: its id and secret in the vendor's form, and its owner.</summary>
    /// <param name="token">The token.</param>
    protected abstract void Complete(EmulatedToken token);

    /// <summary>Checks a request's credential.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The vendor's refusal; null to accept the request.</returns>
    protected abstract VendorResponse? Refuse(ReceivedRequest request);

    /// <summary>Handles requests with a valid credential, one at a time, and refuses others.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> stands for any text.</param>
    /// <param name="response">Creates the response to an accepted request.</param>
    protected void OnAuthenticated(string method, string path, Func<ReceivedRequest, VendorResponse> response)
        => OnAnonymous(method, path, request => Refuse(request) ?? response(request));

    /// <summary>Handles requests that need no credential, one at a time.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> stands for any text.</param>
    /// <param name="response">Creates the response.</param>
    protected void OnAnonymous(string method, string path, Func<ReceivedRequest, VendorResponse> response)
        => On(method, path, request =>
        {
            lock (_lock)
                return response(request);
        });

    /// <summary>Adds the members of a token's <see cref="EmulatedToken.Extra"/> to its record.</summary>
    /// <param name="token">The token.</param>
    /// <param name="record">The record in the API.</param>
    protected internal static JsonObject WithExtra(EmulatedToken token, JsonObject record)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(record);
        foreach (var (name, value) in token.Extra ?? [])
            record[name] = value?.DeepClone();
        return record;
    }
}
