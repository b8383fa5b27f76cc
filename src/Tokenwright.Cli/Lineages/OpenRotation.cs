using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;
using Tokenwright.Rotation;

namespace Tokenwright.Cli.Lineages;

/// <summary>Represents the lineages of a command with their connections, the journal and the rotator.</summary>
internal sealed class OpenRotation : IAsyncDisposable
{
    private readonly Dictionary<string, OpenConnection> _connections = new(StringComparer.Ordinal);
    private IRotationJournal? _journal;
    private TokenRotator? _rotator;

    private OpenRotation(LineagesFile file) => File = file;

    public LineagesFile File { get; }

    /// <summary>Gets the lineages of the command that have no problems.</summary>
    public IReadOnlyList<LineageDefinition> Valid { get; private set; } = [];

    /// <summary>Gets the lineages of the command that have problems.</summary>
    public IReadOnlyList<LineageDefinition> Invalid { get; private set; } = [];

    /// <summary>Gets the rotator of the valid lineages.</summary>
    public TokenRotator Rotator => _rotator!;

    /// <summary>Gets the rows of the lineages with problems.</summary>
    public IReadOnlyList<FailureRow> InvalidRows => [.. Invalid.Select(lineage => FailureRow.Of(
        lineage.Vendor?.Name ?? string.Empty, lineage.Connection, new CliException(lineage.Problems.Text)))];

    /// <summary>Opens the connections of the lineages. Nothing is sent, and no secret is read.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="dryRun">The dry run; null for a real one.</param>
    /// <exception cref="CliException">The file or the connections as a whole have problems.</exception>
    public static async Task<OpenRotation> OpenAsync(Invocation invocation, RotationDryRun? dryRun = null)
    {
        var open = new OpenRotation(LineagesFile.Read(invocation.Get(GlobalOptions.Config) ?? ToolPaths.Connections));
        var definitions = await invocation.DefinitionsAsync();
        var lineages = open.File.All.Where(lineage => !invocation.IsKnown(lineage.Connection)
            || definitions.Any(definition => definition.Name == lineage.Connection)).ToList();
        foreach (var lineage in lineages)
            open.Connect(lineage, definitions, invocation, dryRun);

        // Also a lineage that isn't one of this command can contradict one that is.
        foreach (var (names, problem) in LineageChecks.ProblemsBetween(
            [.. open.File.All.Where(lineage => lineage.Connection.Length > 0).Select(lineage => lineage.ToLineage())]))
        {
            foreach (var lineage in lineages.Where(lineage => names.Contains(lineage.Name)))
                lineage.Report(problem);
        }

        open.Invalid = [.. lineages.Where(lineage => lineage.Problems.Any)];
        open.Valid = [.. lineages.Except(open.Invalid)];
        return open;
    }

    /// <summary>Opens the journal and creates the rotator. To read, nothing is created or changed.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="dryRun">The dry run; null for a real one.</param>
    /// <param name="isRead">Whether the command only reads the state. A dry run only reads it anyway.</param>
    /// <param name="onProgress">Receives the progress, without what needs attention, which the result has; null for nobody.</param>
    /// <exception cref="CliException">The journal can't be opened.</exception>
    public void Start(Invocation invocation, RotationDryRun? dryRun = null, bool isRead = false, Action<string>? onProgress = null)
    {
        _journal = OpenJournal(isRead || dryRun is not null);
        var sealer = SecretSealer.AesGcm(File.SealingKey!, [.. File.OldSealingKeys]);
        _rotator = new TokenRotator(new TokenRotatorOptions
        {
            Lineages = [.. Valid.Select(lineage => lineage.ToLineage(dryRun is null ? null : sink => dryRun.Wrap(lineage, sink)))],
            Journal = dryRun is null ? _journal : dryRun.Wrap(_journal),
            Sealer = dryRun?.Wrap(sealer) ?? sealer,
            GetClient = name => dryRun?.Wrap(_connections[name]) ?? _connections[name].Client,
            OnEvent = onProgress is null ? null : one =>
            {
                if (!one.NeedsAttention)
                    onProgress($"{one.Lineage}: {one.Text}");
            },
            MaxConcurrency = dryRun is null ? 4 : 1,
            TimeProvider = invocation.Clock,
            LoggerFactory = invocation.Logs,
        });
    }

    /// <summary>Gets a valid lineage by its name.</summary>
    /// <exception cref="CliException">There is no such lineage, or it has problems.</exception>
    public LineageDefinition Find(string name)
    {
        if (Valid.FirstOrDefault(lineage => lineage.Name == name) is { } found)
            return found;
        if (Invalid.FirstOrDefault(lineage => lineage.Name == name) is { } invalid)
            throw new CliException(invalid.Problems.Text);
        var known = Valid.Concat(Invalid).Select(lineage => lineage.Name).Order(StringComparer.Ordinal).ToList();
        throw new CliException($"There is no lineage '{name}'; known are {string.Join(", ", known)}." +
            Suggestion.Sentence(name, known));
    }

    /// <summary>Gets the connection of a lineage.</summary>
    public OpenConnection ConnectionOf(LineageDefinition lineage) => _connections[lineage.Connection];

    public async ValueTask DisposeAsync()
    {
        _rotator?.Dispose();
        if (_journal is not null)
            await _journal.DisposeAsync();
    }

    private IRotationJournal OpenJournal(bool isRead)
    {
        var path = File.Journal ?? ToolPaths.Journal;
        if (File.Journal is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new CliException($"The journal '{path}' can't be opened: there is no folder '{folder}'. Create it, or name another " +
                $"journal in {File.Path}.");
        try
        {
            if (isRead)
                return SqliteRotationJournal.OpenReadOnly(path);
            PrivateFile.CreateFolderOf(path);
            return SqliteRotationJournal.Open(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new CliException(
                $"The journal '{path}' can't be opened: {exception.Message} " + (isRead ? "Only the user who rotates can read it."
                    : "It needs a folder in which you can create files."));
        }
    }

    private void Connect(
        LineageDefinition lineage, IReadOnlyList<ConnectionDefinition> definitions, Invocation invocation, RotationDryRun? dryRun)
    {
        if (lineage.Connection.Length == 0)
            return;
        if (definitions.FirstOrDefault(definition => definition.Name == lineage.Connection) is not { } definition)
        {
            var known = definitions.Select(one => one.Name).ToList();
            lineage.Report($"there is no connection '{lineage.Connection}'; known are {string.Join(", ", known)}." +
                Suggestion.Sentence(lineage.Connection, known));
            return;
        }

        lineage.Vendor = definition.Vendor;
        try
        {
            if (!_connections.ContainsKey(definition.Name))
                _connections[definition.Name] = invocation.Open(definition, dryRun is null ? null : dryRun.Wrap);
        }
        catch (CliException exception)
        {
            lineage.Report($"its connection has problems.\n{exception.Message}");
            return;
        }

        // A rotator refuses all of its lineages if one is wrong, and a wrong one must not stop the others.
        if (!lineage.Problems.Any)
        {
            foreach (var problem in lineage.ToLineage().Validate(_connections[definition.Name].Capabilities))
                lineage.Report(problem);
        }
    }
}
