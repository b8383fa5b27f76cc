using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright;

/// <summary>
/// Describes a vendor: its names, the options and capabilities of its connections, and how to open one. Each vendor package has one
/// instance of its own subclass, for example <c>SailPointVendor.Instance</c>.
/// </summary>
public abstract class TokenVendor
{
    /// <summary>Initializes a new instance of the <see cref="TokenVendor"/> class.</summary>
    /// <param name="name">The vendor's name as this SDK writes it, without spaces.</param>
    /// <param name="displayName">The product's own name.</param>
    protected TokenVendor(string name, string displayName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(displayName);
        (Name, DisplayName) = (name, displayName);
    }

    /// <summary>
    /// Gets the vendor's name as this SDK writes it in metadata, exceptions and logs, and as the key of its connections in configuration.
    /// </summary>
    public string Name { get; }

    /// <summary>Gets the product's own name.</summary>
    public string DisplayName { get; }

    /// <summary>
    /// Gets the kinds of tokens that a connection can manage: the name of each kind, with options that select it. If there is only one
    /// kind, its name is empty.
    /// </summary>
    public virtual IReadOnlyList<KeyValuePair<string, ConnectionOptions>> Kinds => [new(string.Empty, CreateOptions())];

    /// <summary>Creates options with the vendor's defaults.</summary>
    public abstract ConnectionOptions CreateOptions();

    /// <summary>Gets the capabilities of a connection with the given options. Nothing is opened or sent.</summary>
    /// <param name="options">The options, which need not be complete.</param>
    /// <exception cref="ArgumentException">The options belong to another vendor.</exception>
    public abstract TokenCapabilities GetCapabilities(ConnectionOptions options);

    /// <summary>Opens a connection without a container. Nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The options of the connection.</param>
    /// <param name="environment">The transport, clock and logs; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options belong to another vendor.</exception>
    /// <exception cref="OptionsValidationException">The options are invalid. The message lists every problem.</exception>
    public abstract ITokenClient CreateClient(
        string connectionName, ConnectionOptions options, ConnectionEnvironment? environment = null);

    /// <summary>
    /// Gets descriptions of unrestricted rights that the vendor doesn't express as scopes or roles. They are read from its own model of the
    /// record, <see cref="ApiToken.Raw"/>. Empty if there are none, or if the record has no such model.
    /// </summary>
    /// <param name="token">The token.</param>
    public virtual IEnumerable<string> GetBroadRights(ApiToken token) => [];

    /// <summary>
    /// Gets the id of the token that a secret belongs to, as its record shows it, if the secret itself contains the id. Nothing is sent.
    /// </summary>
    /// <param name="secret">The secret of a token or of a user's session.</param>
    /// <returns>The id, which for a user's session is not that of any token in a list; null if the secret contains none.</returns>
    public virtual string? GetTokenId(TokenSecret secret) => null;

    /// <summary>Returns the vendor's name.</summary>
    public override string ToString() => Name;

    /// <summary>
    /// Adds a connection to a container. It is called by
    /// <see cref="TokenwrightBuilder.AddConnection(TokenVendor, string, IConfiguration, Func{IConfigurationSection, SecretSource})"/>.
    /// </summary>
    /// <param name="builder">The builder of the container's connections.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="configuration">The configuration section with the options.</param>
    /// <param name="readSecret">Reads the source of a secret.</param>
    protected internal abstract TokenConnectionBuilder AddTo(
        TokenwrightBuilder builder, string name, IConfiguration configuration, Func<IConfigurationSection, SecretSource?> readSecret);
}

/// <summary>Provides a base class for the descriptors of vendors, with typed options.</summary>
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

    /// <summary>Gets the validator for the options of a connection.</summary>
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
    /// Reads options from configuration, except for secrets:
    /// <c>configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true)</c>. It is implemented where the type of the
    /// options is known, so that the framework's source generator can avoid reflection.
    /// </summary>
    /// <param name="configuration">The configuration section with the options.</param>
    /// <param name="options">The options to set.</param>
    protected internal abstract void Bind(IConfiguration configuration, TOptions options);

    /// <summary>Creates the adapter for an open connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Returns the current options.</param>
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
