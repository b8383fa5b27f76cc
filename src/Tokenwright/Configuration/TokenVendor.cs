using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright;

/// <summary>
/// Describes a vendor: its names, what its connections need and can do, and how one is opened. Each vendor package has one instance of its
/// own type, for example <c>SailPointVendor.Instance</c>.
/// </summary>
public abstract class TokenVendor
{
    /// <summary>Initializes the descriptor.</summary>
    /// <param name="name">The vendor's name as this SDK writes it: a word without blanks.</param>
    /// <param name="displayName">The product's own name.</param>
    protected TokenVendor(string name, string displayName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(displayName);
        (Name, DisplayName) = (name, displayName);
    }

    /// <summary>
    /// Gets the vendor's name as this SDK writes it: in metadata, exceptions and logs, and as the key of its connections in configuration.
    /// </summary>
    public string Name { get; }

    /// <summary>Gets the product's own name.</summary>
    public string DisplayName { get; }

    /// <summary>
    /// Gets the kinds of tokens that a connection can work with: the name of each, with options that select it. A vendor with a single kind
    /// has one entry, whose name is empty.
    /// </summary>
    public virtual IReadOnlyList<KeyValuePair<string, ConnectionOptions>> Kinds => [new(string.Empty, CreateOptions())];

    /// <summary>Creates options with the vendor's defaults.</summary>
    public abstract ConnectionOptions CreateOptions();

    /// <summary>Gets what a connection with these options can do. Nothing is opened or sent.</summary>
    /// <param name="options">The options; they need not be complete.</param>
    /// <exception cref="ArgumentException">They are another vendor's options.</exception>
    public abstract TokenCapabilities GetCapabilities(ConnectionOptions options);

    /// <summary>Opens a connection without a container; nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">Its options.</param>
    /// <param name="environment">Its transport, clock and logs; null for the defaults.</param>
    /// <exception cref="ArgumentException">They are another vendor's options.</exception>
    /// <exception cref="OptionsValidationException">The options are wrong; the message lists every problem.</exception>
    public abstract ITokenClient CreateClient(
        string connectionName, ConnectionOptions options, ConnectionEnvironment? environment = null);

    /// <summary>
    /// Gets the rights to everything that the vendor writes otherwise than as scopes or roles, in words: they are in its own model of the
    /// record, <see cref="ApiToken.Raw"/>. Empty where there are none, or no such model.
    /// </summary>
    /// <param name="token">The token.</param>
    public virtual IEnumerable<string> GetBroadRights(ApiToken token) => [];

    /// <summary>Returns the vendor's name.</summary>
    public override string ToString() => Name;

    /// <summary>Adds a connection to a container, for <see cref="TokenwrightBuilder.AddConnection(TokenVendor, string, IConfiguration,
    /// Func{IConfigurationSection, SecretSource})"/>.</summary>
    /// <param name="builder">The container's connections.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="configuration">The section that holds the options.</param>
    /// <param name="readSecret">Reads where a secret comes from.</param>
    protected internal abstract TokenConnectionBuilder AddTo(
        TokenwrightBuilder builder, string name, IConfiguration configuration, Func<IConfigurationSection, SecretSource?> readSecret);
}

/// <summary>Describes a vendor whose connections have options of a type. Base of the descriptors in vendor packages.</summary>
/// <typeparam name="TOptions">The vendor's options.</typeparam>
public abstract class TokenVendor<[
    DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions> : TokenVendor
    where TOptions : ConnectionOptions, new()
{
    /// <inheritdoc />
    protected TokenVendor(string name, string displayName)
        : base(name, displayName)
    {
    }

    /// <summary>Gets what checks the options of a connection.</summary>
    protected internal abstract IValidateOptions<TOptions> Validator { get; }

    /// <inheritdoc />
    public sealed override ConnectionOptions CreateOptions() => new TOptions();

    /// <inheritdoc />
    public sealed override TokenCapabilities GetCapabilities(ConnectionOptions options) => GetCapabilities(Own(options));

    /// <inheritdoc cref="TokenVendor.GetCapabilities" />
    public abstract TokenCapabilities GetCapabilities(TOptions options);

    /// <inheritdoc />
    public sealed override ITokenClient CreateClient(
        string connectionName, ConnectionOptions options, ConnectionEnvironment? environment = null)
    {
        var own = Own(options);
        return CreateClient(VendorConnection.Open(this, connectionName, () => own, environment), () => own);
    }

    /// <summary>
    /// Reads options from configuration, secrets apart:
    /// <c>configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true)</c>. It is written where the type of the options
    /// is known, so that the framework's generator can do it without reflection.
    /// </summary>
    /// <param name="configuration">The section that holds the options.</param>
    /// <param name="options">The options to set.</param>
    protected internal abstract void Bind(IConfiguration configuration, TOptions options);

    /// <summary>Creates the adapter of an open connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Gives the present options.</param>
    protected internal abstract ITokenClient CreateClient(VendorConnection connection, Func<TOptions> options);

    /// <inheritdoc />
    protected internal sealed override TokenConnectionBuilder AddTo(
        TokenwrightBuilder builder, string name, IConfiguration configuration, Func<IConfigurationSection, SecretSource?> readSecret)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddConnection(this, new ConnectionSection(name, configuration, readSecret));
    }

    private TOptions Own(ConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options as TOptions
            ?? throw new ArgumentException($"{Name} has options of type {typeof(TOptions).Name}, not {options.GetType().Name}.",
                nameof(options));
    }
}
