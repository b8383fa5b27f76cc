using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// An emulator: a server on loopback that keeps tokens and responds as a vendor does. Starts with the vendor's documented example data.
/// </summary>
public abstract class VendorEmulator : VendorServer
{
    // The clients of a process remember the ids that an address handed out: a handed-out token is no orphan. An emulator that gets a port
    // again must therefore not begin with the same ids, whatever its clock is: a client may have another one.
    private static readonly ConcurrentDictionary<(string Vendor, int Port), StrongBox<long>> LastNumbers = [];

    private readonly Lock _lock = new();
    private readonly StrongBox<long> _lastNumber;
    private readonly List<EmulatedToken> _tokens = [];
    private readonly Dictionary<EmulatedToken, DateTimeOffset> _shownFrom = [];

    /// <summary>Starts the emulator.</summary>
    /// <param name="vendor">The vendor's name as this SDK writes it.</param>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    protected VendorEmulator(string vendor, EmulatorOptions? options)
        : base(options?.Port ?? 0, options?.TimeProvider)
    {
        Vendor = vendor;
        Behaviour = options?.Behaviour ?? EmulatorBehaviour.Live;
        _lastNumber = LastNumbers.GetOrAdd((vendor, BaseAddress.Port), static _ => new StrongBox<long>());
    }

    /// <summary>Gets the vendor's name.</summary>
    public string Vendor { get; }

    /// <summary>Gets which of the two is followed where the vendor's documents and its live service differ.</summary>
    public EmulatorBehaviour Behaviour { get; }

    /// <summary>
    /// Gets or sets the most tokens that a page of a list has, however many a request asks for; null for as many as the vendor gives. At
    /// vendors that page.
    /// </summary>
    public int? LargestPage { get; set; }

    /// <summary>
    /// Gets the options of a connection to this emulator, by their names: its address and a credential that works. Ready to be put into
    /// configuration.
    /// </summary>
    public abstract IReadOnlyDictionary<string, string> ConnectionSettings { get; }

    /// <summary>Gets the name that a connection to the vendor has in examples: what the vendor is for.</summary>
    public virtual string ConnectionName => Vendor;

    /// <summary>
    /// Gets the tokens that the emulator keeps, in the order in which its API lists them; those that were ended and are remembered are
    /// among them.
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
    /// Gets or sets how long a token takes to show in lists and by its key after it was added, through the API or by <see cref="Add"/>;
    /// none by default. It works at once. A change is for tokens that are added after it.
    /// </summary>
    public TimeSpan ListLag { get; set; }

    /// <summary>Gets the <see cref="Tokens"/> that lists show by now.</summary>
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

    /// <summary>Adds a token, past the vendor's checks and limits; what it leaves unset is filled in as the vendor would.</summary>
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
    /// Adds tokens in which an audit finds something, as accounts have them that grew over years: unused, expired, over-privileged. The
    /// connection's own token may become such a one.
    /// </summary>
    public virtual void AddSampleTokens()
    {
    }

    /// <summary>Removes all tokens. The credential of <see cref="ConnectionSettings"/> keeps working.</summary>
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
    /// <returns>Whether it was there.</returns>
    public virtual bool Remove(EmulatedToken token)
    {
        lock (_lock)
        {
            _shownFrom.Remove(token);
            return _tokens.Remove(token);
        }
    }

    /// <summary>Gets a number that no id of this vendor and port has had in this process.</summary>
    internal long NextNumber() => Interlocked.Increment(ref _lastNumber.Value);

    /// <summary>Fills in what a new token leaves unset: its id and secret in the vendor's form, its owner.</summary>
    /// <param name="token">The token.</param>
    protected abstract void Complete(EmulatedToken token);

    /// <summary>Checks a request's credential.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The vendor's refusal; null lets the request in.</returns>
    protected abstract VendorResponse? Refuse(ReceivedRequest request);

    /// <summary>Responds to requests that carry the right credential, one after the other, and refuses the others.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> in it stands for any text.</param>
    /// <param name="response">Makes the response for requests that are let in.</param>
    protected void OnAuthenticated(string method, string path, Func<ReceivedRequest, VendorResponse> response)
        => OnAnonymous(method, path, request => Refuse(request) ?? response(request));

    /// <summary>Responds to requests that need no credential, one after the other.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> in it stands for any text.</param>
    /// <param name="response">Makes the response.</param>
    protected void OnAnonymous(string method, string path, Func<ReceivedRequest, VendorResponse> response)
        => On(method, path, request =>
        {
            lock (_lock)
                return response(request);
        });

    /// <summary>A token's record with the token's <see cref="EmulatedToken.Extra"/> members put over it.</summary>
    /// <param name="token">The token.</param>
    /// <param name="record">The record as the API shows it.</param>
    protected internal static JsonObject WithExtra(EmulatedToken token, JsonObject record)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(record);
        foreach (var (name, value) in token.Extra ?? [])
            record[name] = value?.DeepClone();
        return record;
    }
}
