using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>Keeps the last valid options of each connection, and logs the problems of invalid ones.</summary>
/// <typeparam name="TOptions">The vendor's options.</typeparam>
/// <param name="connections">The connections. Options with other names are ignored.</param>
/// <param name="sections">The sections that connections are read from.</param>
/// <param name="provider">Provides the log when it is needed.</param>
internal sealed class LastGoodOptions<TOptions>(
    TokenConnections connections, IEnumerable<ConnectionSection> sections, IServiceProvider provider)
    where TOptions : ConnectionOptions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TOptions> _good = [];
    private readonly Dictionary<string, (IChangeToken? Reload, string Reason)> _refused = [];

    /// <summary>Creates options. If that fails, returns the last valid ones and logs the reason, once for each reload.</summary>
    /// <param name="name">The connection's name.</param>
    /// <param name="create">Creates and validates the options.</param>
    /// <exception cref="Exception">The options are invalid, and there are no valid ones from before.</exception>
    public TOptions OrNew(string name, Func<string, TOptions> create)
    {
        if (connections.All.FirstOrDefault(connection => connection.Name == name) is not { } connection)
            return create(name);
        try
        {
            var created = create(name);
            bool isFirst;
            lock (_lock)
            {
                _refused.Remove(name);
                isFirst = !_good.ContainsKey(name);
                _good[name] = created;
            }

            if (isFirst && created.IsUnencrypted)
                Events(connection).IsUnencrypted(created.BaseAddress!);
            return created;
        }
        catch (Exception failure)
        {
            TOptions? good;
            lock (_lock)
                good = _good.GetValueOrDefault(name);
            if (good is null)
                throw;
            Tell(connection, good, failure);
            return good;
        }
    }

    private void Tell(TokenConnection connection, TOptions good, Exception failure)
    {
        var reason = failure is OptionsValidationException invalid ? string.Join(" ", invalid.Failures) : failure.Message;
        reason = SecretRedactor.Redact(reason.Replace($"{connection.Vendor} connection '{connection.Name}': ", string.Empty,
            StringComparison.Ordinal), [.. good.AllSecrets.SelectMany(secret => secret.Value?.Seen ?? [])]);

        // One reload can create the options several times, and so can every snapshot of them.
        var reload = sections.LastOrDefault(section => section.Name == connection.Name)?.Configuration.GetReloadToken();
        lock (_lock)
        {
            if (_refused.TryGetValue(connection.Name, out var told) && ReferenceEquals(told.Reload, reload) && told.Reason == reason)
                return;
            _refused[connection.Name] = (reload, reason);
        }

        Events(connection).OptionsRefused(reason);
    }

    private ConnectionEvents Events(TokenConnection connection)
        => new(connection.Vendor, connection.Name, provider.GetService<ILoggerFactory>());
}
