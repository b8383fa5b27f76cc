using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>
/// Represents the source of a connection's secret: the value itself, a file, an environment variable, or a delegate. It is read before
/// every request, so the secret can change while the program runs. Set exactly one source. White space and a byte order mark around the
/// secret are removed. Some sources give an id with the secret (<see cref="ReadPairAsync"/>).
/// </summary>
/// <remarks>
/// In configuration, it is a text, which is the secret itself, or an object: <c>"ClientSecret": { "File": "/run/secrets/sailpoint" }</c>. A
/// <see cref="TokenSecret"/> converts to it.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
[TypeConverter(typeof(TextConverter))]
public sealed partial class SecretSource
{
    private const int LongestFile = 64 * 1024;
    private const int ShortestBuffer = 256;

    // A program that writes the file gets this time to finish after the vendor refused a secret from the file.
    private static readonly TimeSpan TimeToFinish = TimeSpan.FromMilliseconds(200);

    private readonly SecretPair? _value;
    private readonly Func<CancellationToken, ValueTask<SecretPair>>? _read;
    private readonly string? _flaw;

    // The latest value and the one before it. A response can repeat a secret that was replaced during its request.
    private volatile Tuple<SecretPair, SecretPair?>? _seen;

    private readonly Lock _lock = new();
    private Tuple<TokenSecret, Task>? _wait;

    // Reads a pipe, whose content can't be read again. The result is null for a file.
    private Task<string?>? _pipe;
    private volatile bool _isFile;

    /// <summary>
    /// Initializes a new instance of the <see cref="SecretSource"/> class. Set <see cref="File"/> or <see cref="EnvironmentVariable"/>.
    /// </summary>
    public SecretSource()
    {
    }

    private SecretSource(SecretPair value) => _value = value;

    private SecretSource(
        Func<CancellationToken, ValueTask<SecretPair>> read, bool givesPairs, Func<int, ValueTask>? acknowledge = null)
        => (_read, _givesPairs, _acknowledge) = (read, givesPairs, acknowledge);

    private SecretSource(string flaw) => _flaw = flaw;

    /// <summary>
    /// Gets or initializes the path of a file, at most 64 KiB of UTF-8, that contains only the secret, or the JSON object
    /// <c>{ "generation": 3, "id": "…", "secret": "…" }</c> that a rotation writes. Only its secret is required, and other members
    /// are ignored. The file is read again for every request, through symbolic links, as mounted Kubernetes secrets require. An empty file
    /// counts as one that is being written, and the previous value is used. If the vendor refuses the secret, the file is read once more
    /// after 0.2 seconds. A pipe (<c>/dev/stdin</c>, a process substitution, a FIFO) is read to its end once, and its content is kept.
    /// </summary>
    public string? File { get; init; }

    /// <summary>Gets or initializes the name of an environment variable that contains the secret.</summary>
    public string? EnvironmentVariable { get; init; }

    /// <summary>
    /// Reads the source of a secret. A text is the secret itself. A section has a <see cref="File"/> or an
    /// <see cref="EnvironmentVariable"/>, and can have a <see cref="Consumer"/> with the file. A source with any other key is refused when
    /// the connection is opened; the message names the key.
    /// </summary>
    /// <param name="section">The configuration section of the secret.</param>
    /// <returns>The source; null if the section doesn't exist.</returns>
    public static SecretSource? FromConfiguration(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        if (section.Value is { } text)
            return FromText(text);
        var unknown = section.GetChildren().FirstOrDefault(child =>
            !string.Equals(child.Key, nameof(File), StringComparison.OrdinalIgnoreCase)
            && !string.Equals(child.Key, nameof(EnvironmentVariable), StringComparison.OrdinalIgnoreCase)
            && !string.Equals(child.Key, nameof(Consumer), StringComparison.OrdinalIgnoreCase));
        return unknown is not null
            ? new SecretSource($"'{unknown.Key}' is not a source; known are {nameof(File)} and {nameof(EnvironmentVariable)}.")
            : section.Exists()
                ? new SecretSource
                {
                    File = section[nameof(File)],
                    EnvironmentVariable = section[nameof(EnvironmentVariable)],
                    Consumer = section[nameof(Consumer)],
                }
            : null;
    }

    /// <summary>Creates a source that reads the secret from a delegate, for example from a vault.</summary>
    /// <param name="read">
    /// Reads the secret. It is called before every request, also concurrently, so a slow delegate should cache the secret. Its token is
    /// cancelled when the request ends.
    /// </param>
    /// <example>
    /// <code>
    /// var source = SecretSource.From(async cancellationToken =&gt;
    ///     new TokenSecret(await File.ReadAllTextAsync("/run/secrets/sailpoint", cancellationToken)));
    /// </code>
    /// </example>
    public static SecretSource From(Func<CancellationToken, ValueTask<TokenSecret>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new(ReadAloneAsync, givesPairs: false);

        async ValueTask<SecretPair> ReadAloneAsync(CancellationToken cancellationToken)
            => await read(cancellationToken).ConfigureAwait(false) is { } secret ? new SecretPair(null, secret) : null!;
    }

    /// <summary>Creates a source with a fixed value.</summary>
    /// <param name="value">The value.</param>
    public static SecretSource FromTokenSecret(TokenSecret value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(new SecretPair(null, value));
    }

    /// <inheritdoc cref="FromTokenSecret"/>
    [return: NotNullIfNotNull(nameof(value))]
    public static implicit operator SecretSource?(TokenSecret? value) => value is null ? null : FromTokenSecret(value);

    /// <summary>Reads the current secret.</summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="SecretSourceException">The secret can't be read. The message says why, and shows nothing of the secret.</exception>
    public ValueTask<TokenSecret> ReadAsync(CancellationToken cancellationToken = default)
        => _value is not null ? new(_value.Secret) : ReadSecretAsync(cancellationToken);

    private async ValueTask<TokenSecret> ReadSecretAsync(CancellationToken cancellationToken)
        => (await ReadSourceAsync(cancellationToken).ConfigureAwait(false)).Secret;

    private async ValueTask<SecretPair> ReadSourceAsync(CancellationToken cancellationToken)
    {
        var pair = _read is not null ? await CallAsync(_read, cancellationToken).ConfigureAwait(false)
            : File is not null ? await ReadFileAsync(File, cancellationToken).ConfigureAwait(false)
            : new(null, Checked(Trimmed(Environment.GetEnvironmentVariable(EnvironmentVariable!)), "it is not set, or empty"));
        if (_seen is not { } seen)
            _seen = new(pair, null);
        else if (seen.Item1.Equals(pair))
            return seen.Item1;
        else
            _seen = new(pair, seen.Item1.Secret.Equals(pair.Secret) ? seen.Item2 : seen.Item1);
        return pair;
    }

    /// <summary>Returns a description of the source, never the secret.</summary>
    public override string ToString()
        => _value is not null ? "a value"
        : _read is not null ? "a delegate"
        : File is not null ? $"the file '{File}'"
        : $"the environment variable {EnvironmentVariable}";

    /// <summary>Gets the values that were read last, which a response may repeat. Nothing is read.</summary>
    internal IEnumerable<TokenSecret> Seen
        => new[] { _value, _seen?.Item1, _seen?.Item2 }.OfType<SecretPair>().Select(pair => pair.Secret);

    /// <summary>
    /// Gets what distinguishes this secret from others: the latest value, or a description of the source until it is read. The result can
    /// be the secret itself.
    /// </summary>
    internal string Scope => (_value ?? _seen?.Item1)?.Secret.Reveal() ?? ToString();

    /// <summary>Gets what two sources are compared by: the fixed value, or a description of the source. Nothing is read.</summary>
    internal object Identity => (object?)_value?.Secret ?? ToString();

    /// <summary>
    /// Gets a task to wait for before this source is read again after the vendor refused a secret, so that a program that writes the file
    /// can finish. All callers that were refused the same value get the same task.
    /// </summary>
    /// <param name="refused">The secret that was refused; null if that is not known.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <returns>The wait; null if the source isn't a file, or has returned another secret since.</returns>
    internal Task? WaitAfterRefusal(TokenSecret? refused, TimeProvider timeProvider)
    {
        if (!_isFile || _seen?.Item1.Secret is not { } value || !value.Equals(refused ?? value))
            return null;
        lock (_lock)
        {
            if (_wait?.Item1.Equals(value) != true)
                _wait = Tuple.Create(value, Task.Delay(TimeToFinish, timeProvider, CancellationToken.None));
            return _wait.Item2;
        }
    }

    /// <summary>Gets the problem of the source, as a sentence that begins with the option's name; null if there is none.</summary>
    internal string? Problem(string member)
    {
        if (_flaw is not null)
            return $"{member} holds no secret: {_flaw}";
        var given = new[] { _value is not null, _read is not null, File is not null, EnvironmentVariable is not null }
            .Count(isGiven => isGiven);
        return given == 0
            ? $"{member} has neither a value nor a source; set its {nameof(File)} or {nameof(EnvironmentVariable)}."
            : given > 1 ? $"{member} has more than one source; keep one of {nameof(File)} and " +
                $"{nameof(EnvironmentVariable)}."
            : string.IsNullOrWhiteSpace(File ?? EnvironmentVariable ?? "given")
                ? $"{member} has an empty {(File is null ? nameof(EnvironmentVariable) : nameof(File))}."
            : ConsumerProblem(member);
    }

    private async ValueTask<SecretPair> CallAsync(
        Func<CancellationToken, ValueTask<SecretPair>> read, CancellationToken cancellationToken)
    {
        try
        {
            // A delegate that ignores its cancellation token must not delay the end of the request.
            var pair = await read(cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false)
                ?? throw Unreadable("it gave null");
            var text = pair.Secret.Reveal();
            var trimmed = Trimmed(text);
            return trimmed.Length == text.Length ? pair
                : new(pair.Id, Checked(trimmed, "it gave only white space"), pair.Generation);
        }
        catch (Exception exception) when (exception is not SecretSourceException
            && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw Unreadable($"it threw {Innermost(exception)}", exception);
        }
    }

    private async ValueTask<SecretPair> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = Trimmed(_isFile ? await ReadFileAsync(Open(path), cancellationToken).ConfigureAwait(false)
                : await ReadFirstAsync(path, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Unreadable(
                exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : exception.Message, exception);
        }

        if (text.Length == 0)
            return _seen?.Item1 ?? throw Unreadable("it is empty");
        return IsJson(text) ? FromJson(text) : new(null, Checked(text, "it is empty"));
    }

    // Opening a pipe waits for its writer and can't be cancelled, so it happens once, in a task of its own.
    private async ValueTask<string> ReadFirstAsync(string path, CancellationToken cancellationToken)
    {
        Task<string?> pipe;
        lock (_lock)
        {
            if (_pipe is null or { IsFaulted: true })
                _pipe = Task.Run(() => ReadPipeAsync(path), CancellationToken.None);
            pipe = _pipe;
        }

        return await pipe.WaitAsync(cancellationToken).ConfigureAwait(false)
            ?? await ReadFileAsync(Open(path), cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> ReadPipeAsync(string path)
    {
        using var stream = Open(path);
        if (!stream.CanSeek)
            return await ReadAsync(stream, CancellationToken.None).ConfigureAwait(false);
        _isFile = true;
        return null;
    }

    private async ValueTask<string> ReadFileAsync(FileStream stream, CancellationToken cancellationToken)
    {
        using (stream)
            return await ReadAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<string> ReadAsync(FileStream stream, CancellationToken cancellationToken)
    {
        // The length that a device or a pipe reports isn't reliable, and it may have no end.
        var bytes = new byte[stream.CanSeek ? Math.Clamp(stream.Length + 1, ShortestBuffer, LongestFile + 1) : LongestFile + 1];
        var length = 0;
        for (int read; (read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0;)
        {
            length += read;
            if (length > LongestFile)
                throw Unreadable(
                    $"it has {Text(stream.CanSeek ? Math.Max(stream.Length, length) : length)} bytes or more, and a secret has " +
                    $"{Text(LongestFile)} at most; is it the right file?");
            if (length == bytes.Length)
                Array.Resize(ref bytes, LongestFile + 1);
        }

        using var reader = new StreamReader(new MemoryStream(bytes, 0, length));
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private static FileStream Open(string path)
        => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.None);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Editors, shells and secret stores add these characters at the ends of a text.
    private static string Trimmed(string? text) => text is null ? string.Empty : text.Trim().Trim('\ufeff').Trim();

    // The innermost exception is the one that a reader can act on. Its message may repeat the secret.
    private string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return $"{exception.GetType().Name}: {SecretRedactor.Redact(exception.Message, [.. Seen]).TrimEnd('.')}";
    }

    private TokenSecret Checked(string? text, string empty)
    {
        if (string.IsNullOrEmpty(text))
            throw Unreadable(empty);
        try
        {
            return new TokenSecret(text);
        }
        catch (ArgumentException exception)
        {
            throw Unreadable(Reason(exception));
        }
    }

    // Removes the name of the parameter, which the reader doesn't know.
    private static string Reason(ArgumentException refusal) => refusal.Message.Split(" (Parameter")[0].TrimEnd('.');

    private SecretSourceException Unreadable(string reason, Exception? cause = null)
        => new($"The secret can't be read from {this}: {reason}.", cause);

    // An invalid text is reported when the options are validated, because a reader of configuration might show it in an exception.
    private static SecretSource FromText(string text)
    {
        try
        {
            text = Trimmed(text);
            return text.Length > 0 ? FromTokenSecret(new TokenSecret(text)) : new SecretSource("the text is empty.");
        }
        catch (ArgumentException exception)
        {
            return new SecretSource($"{Reason(exception)}.");
        }
    }

    // This converter is for programs that use the framework's binder. It never throws, because the binder would show the value.
    private sealed class TextConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => FromText((string)value);
    }
}
