using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace Tokenwright.Rotation;

/// <summary>
/// Writes a secret to Azure Key Vault. Each generation is a new version of the vault's secret, so a reader sees the earlier or the new one.
/// </summary>
/// <remarks>
/// The identity of the client needs the permissions <c>get</c> and <c>set</c> for secrets. Earlier versions stay in the vault; the rotation
/// revokes their tokens.
/// </remarks>
public sealed partial class AzureKeyVaultSecretSink : ISecretSink
{
    private const string LineageTag = "lineage";
    private const string GenerationTag = "generation";
    private const string IdTag = "id";

    private readonly SecretClient _client;

    /// <summary>Initializes a new instance of the <see cref="AzureKeyVaultSecretSink"/> class.</summary>
    /// <param name="client">The client of the vault.</param>
    /// <param name="name">The name of the vault's secret: letters, digits and <c>-</c>, at most 127. No other lineage may have it.</param>
    /// <exception cref="ArgumentException">The vault takes no such name.</exception>
    public AzureKeyVaultSecretSink(SecretClient client, string name)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(name);
        if (!SecretName().IsMatch(name))
            throw new ArgumentException(
                $"'{name}' can't be the name of a secret in Azure Key Vault: it may have letters, digits and '-' only, at most 127.",
                nameof(name));
        _client = client;
        Name = name;
    }

    /// <summary>Gets the name of the vault's secret.</summary>
    public string Name { get; }

    /// <summary>
    /// Gets or initializes whether the value is the secret alone. The default is false: it is JSON,
    /// <c>{"generation":3,"id":"…","secret":"…"}</c>, so that id and secret are read as one. The tags have the generation and the id in
    /// both cases.
    /// </summary>
    public bool IsText { get; init; }

    /// <inheritdoc />
    public string Description => $"the secret '{Name}' of {_client.VaultUri}";

    /// <inheritdoc />
    /// <exception cref="IOException">The vault refused the secret, or can't be reached.</exception>
    public async Task WriteAsync(RotatedSecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var there = await FindAsync(cancellationToken).ConfigureAwait(false);
        var value = IsText ? secret.Secret.Reveal() : secret.RevealAsJson();

        // A write that is repeated makes no second version.
        if (there?.Value == value && there.Properties.Tags.TryGetValue(GenerationTag, out var tag) && tag == Text(secret.Generation))
            return;
        var written = new KeyVaultSecret(Name, value);
        written.Properties.ContentType = IsText ? "text/plain" : "application/json";
        foreach (var (name, other) in there?.Properties.Tags ?? new Dictionary<string, string>())
            written.Properties.Tags[name] = other;
        written.Properties.Tags[LineageTag] = secret.Lineage;
        written.Properties.Tags[GenerationTag] = Text(secret.Generation);
        written.Properties.Tags.Remove(IdTag);
        if (secret.Id is not null)
            written.Properties.Tags[IdTag] = secret.Id;
        try
        {
            await _client.SetSecretAsync(written, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw Failed(exception, "write");
        }
    }

    /// <inheritdoc />
    /// <exception cref="IOException">The vault refused to show the secret, or can't be reached.</exception>
    public async Task<RotatedSecret?> ReadBackAsync(CancellationToken cancellationToken = default)
    {
        if (await FindAsync(cancellationToken).ConfigureAwait(false) is not { Value: { Length: > 0 } value, Properties.Tags: var tags })
            return null;
        var lineage = tags.TryGetValue(LineageTag, out var written) ? written : string.Empty;
        if (!IsText)
            return RotatedSecret.FromJson(value, lineage);
        return tags.TryGetValue(GenerationTag, out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new RotatedSecret
            {
                Lineage = lineage, Generation = generation, Id = tags.TryGetValue(IdTag, out var id) ? id : null,
                Secret = new TokenSecret(value),
            }
            : null;
    }

    private async Task<KeyVaultSecret?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _client.GetSecretAsync(Name, cancellationToken: cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw Failed(exception, "read");
        }
    }

    // The vault refused, or it or the issuer of its tokens can't be reached. The message of a refusal has the response's headers and body
    // after its first line.
    private IOException Failed(Exception exception, string act)
    {
        var status = (exception as RequestFailedException)?.Status ?? 0;
        var cause = status > 0 ? exception : Innermost(exception);
        var hint = status switch
        {
            403 => " The identity needs the permissions 'get' and 'set' for secrets, and the secret must be enabled.",
            409 => " If the secret was deleted, recover it or purge it.",
            _ => null,
        };
        return new IOException(
            $"Azure Key Vault did not {act} {Description}{(status > 0 ? $" ({status})" : null)}: " +
            $"{cause.Message.Split('\n')[0].Trim()}{hint}", exception);
    }

    private static Exception Innermost(Exception exception)
        => exception is AggregateException { InnerExceptions: [var first, ..] } ? Innermost(first)
            : exception.InnerException is { } inner ? Innermost(inner) : exception;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[0-9A-Za-z-]{1,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();
}
