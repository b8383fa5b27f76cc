namespace Tokenwright;

/// <summary>
/// Lists the connections of a container. Each name is the key of a keyed <see cref="ITokenClient"/>. Programs that work with all
/// connections get this object from the container.
/// </summary>
public sealed class TokenConnections
{
    private readonly List<TokenConnection> _all = [];

    /// <summary>Gets all connections, in the order of their registration.</summary>
    public IReadOnlyList<TokenConnection> All => _all;

    internal void Add(TokenConnection connection)
    {
        if (_all.FirstOrDefault(other => string.Equals(other.Name, connection.Name, StringComparison.Ordinal)) is { } taken)
        {
            throw new InvalidOperationException(
                $"There is a {taken.Vendor} connection named '{connection.Name}' already; give this {connection.Vendor} connection " +
                    "another name.");
        }

        _all.Add(connection);
    }
}
