using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>The last options of each connection that could be used, and what was said of those that could not.</summary>
/// <typeparam name="TOptions">The vendor's options.</typeparam>
/// <param name="connections">The connections; options of other names are none of ours.</param>
/// <param name="sections">The sections that connections are read from.</param>
/// <param name="provider">Gives the log, once there is something to say.</param>
internal sealed class LastGoodOptions<TOptions>(
    TokenConnections connections, IEnumerable<ConnectionSection> sections, IServiceProvider provider)
    where TOptions : ConnectionOptions
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TOptions> _good = [];
    private readonly Dictionary<string, (IChangeToken? Reload, string Reason)> _refused = [];

    /// <summary>Creates options; if that fails, gives the last good ones and logs why, once for each reload.</summary>
    /// <param name="name">The connection's name.</param>
    /// <param name="create">Creates and checks them.</param>
    /// <exception cref="Exception">They can't be used, and none could before: at the program's start nothing is forgiven.</exception>
    public TOptions OrNew(string name, Func<string, TOptions> create)
    {
        if (connections.All.FirstOrDefault(connection => connection.Name == name) is not { } connection)
            return create(name);
        try
        {
            var created = create(name);
            lock (_lock)
            {
                _refused.Remove(name);
                return _good[name] = created;
            }
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
            StringComparison.Ordinal), [.. good.Secrets.SelectMany(secret => secret.Value?.Seen ?? [])]);

        // One reload can reach the options on several ways, and whoever takes a snapshot of them comes here again.
        var reload = sections.LastOrDefault(section => section.Name == connection.Name)?.Configuration.GetReloadToken();
        lock (_lock)
        {
            if (_refused.TryGetValue(connection.Name, out var told) && ReferenceEquals(told.Reload, reload) && told.Reason == reason)
                return;
            _refused[connection.Name] = (reload, reason);
        }

        new ConnectionEvents(connection.Vendor, connection.Name, provider.GetService<ILoggerFactory>()).OptionsRefused(reason);
    }
}
