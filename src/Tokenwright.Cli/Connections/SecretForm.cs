using System.Text.Json;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Represents a secret that a file doesn't contain itself: <c>{ "File": … }</c> or another source of it.</summary>
/// <param name="Kind">The kind of source, as <see cref="Kinds"/> spells it.</param>
/// <param name="Value">The value of the source.</param>
/// <param name="Consumer">The name under which a new secret is acknowledged; null for none.</param>
internal sealed record SecretForm(string Kind, JsonElementAt Value, string? Consumer)
{
    public const string Command = "Command";
    public const string Stdin = "Stdin";

    private static readonly string[] Kinds = [nameof(SecretSource.File), nameof(SecretSource.EnvironmentVariable), Command, Stdin];

    /// <summary>Gets the form of a secret that has no problems and isn't a text.</summary>
    public static SecretForm Of(JsonElementAt secret)
    {
        var (name, _, value) = secret.Members.Find(member => !IsConsumer(member.Name));
        return new(KindOf(name)!, value, secret.Members.Find(member => IsConsumer(member.Name)).Value?.Text);
    }

    /// <summary>Gets what is wrong with a secret or its source; null if there is nothing.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="canAcknowledge">Whether the secret is that of a connection, which can acknowledge a new one after a call.</param>
    public static string? Problem(JsonElementAt secret, bool canAcknowledge)
    {
        const string Forms = "{ \"File\": … }, { \"EnvironmentVariable\": … }, { \"Command\": … } or { \"Stdin\": true }";
        if (secret.Kind == JsonTokenType.String)
            return string.IsNullOrEmpty(secret.Text) ? "is an empty secret." : null;
        if (secret.Kind != JsonTokenType.StartObject)
            return $"is {secret.Noun}; a secret is {Forms}.";
        if (secret.Members.FindAll(member => !IsConsumer(member.Name)) is not [var (name, _, source)])
            return $"must have exactly one source of the secret: {Forms}.";
        if (KindOf(name) is not { } kind)
            return $"'{name}' is not a source of a secret; known are {string.Join(", ", Kinds)}.{Suggestion.Sentence(name, Kinds)}";
        if (secret.Members.Find(member => IsConsumer(member.Name)).Value is { } consumer
            && ConsumerProblem(kind, consumer, canAcknowledge) is { } problem)
            return $"{nameof(SecretSource.Consumer)} {problem}";
        return kind switch
        {
            Stdin => source.Kind == JsonTokenType.True || source.Text is "true" or "True" ? null : "Stdin must be true.",
            Command when source.Kind == JsonTokenType.StartArray => source.Items.Count > 0
                && source.Items.All(item => item.Kind == JsonTokenType.String) && !string.IsNullOrWhiteSpace(source.Items[0].Text)
                ? null
                : "Command must be a text for the shell, or a list of texts: the program and its arguments.",
            _ => source.Kind != JsonTokenType.String
                ? $"{kind} must be a text, not {source.Noun}." : string.IsNullOrWhiteSpace(source.Text) ? $"{kind} is empty." : null,
        };
    }

    private static string? ConsumerProblem(string kind, JsonElementAt consumer, bool canAcknowledge)
        => !canAcknowledge ? "is for the secret of a connection only, which acknowledges a new one after a call; remove it."
            : consumer.Kind != JsonTokenType.String ? $"must be a text, not {consumer.Noun}."
            : kind != nameof(SecretSource.File) ? "acknowledges a secret from a File only."
            : SecretAcknowledgement.ProblemOf(consumer.Text!) is { } problem ? $"{problem}." : null;

    private static string? KindOf(string name)
        => Array.Find(Kinds, kind => string.Equals(kind, name, StringComparison.OrdinalIgnoreCase));

    private static bool IsConsumer(string name) => string.Equals(name, nameof(SecretSource.Consumer), StringComparison.OrdinalIgnoreCase);
}
