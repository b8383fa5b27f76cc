using System.Text.Json;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;

namespace Tokenwright.Cli.Lineages;

/// <summary>Reads the values of a part of the connections file, and collects their problems with file, line and field.</summary>
/// <param name="source">The file.</param>
/// <param name="problems">Receives the problems.</param>
internal sealed class SectionReader(string source, ConfigProblems problems)
{
    /// <summary>Gets the members of an object by their known names, ignoring case. Others are problems.</summary>
    public IReadOnlyDictionary<string, JsonElementAt> Members(JsonElementAt value, IReadOnlyCollection<string> known)
    {
        var members = new Dictionary<string, JsonElementAt>(StringComparer.OrdinalIgnoreCase);
        if (!Is(value, JsonTokenType.StartObject, $"an object with {string.Join(", ", known)}"))
            return members;
        foreach (var (name, line, member) in value.Members)
        {
            if (known.FirstOrDefault(word => string.Equals(word, name, StringComparison.OrdinalIgnoreCase)) is { } word)
                members[word] = member;
            else
                problems.Add(source, line, member.Path, $"is not known here; known are {string.Join(", ", known)}." +
                    Suggestion.Sentence(name, known));
        }

        return members;
    }

    /// <summary>Gets a text that isn't empty; null if there is none.</summary>
    public string? Text(JsonElementAt? value)
    {
        if (value is null || !Is(value, JsonTokenType.String, "a text"))
            return null;
        if (!string.IsNullOrWhiteSpace(value.Text))
            return value.Text;
        Report(value, "is empty.");
        return null;
    }

    /// <summary>Gets a list of texts that aren't empty; null if there is none.</summary>
    public IReadOnlyList<string>? Texts(JsonElementAt? value)
        => value is not null && Is(value, JsonTokenType.StartArray, "a list of texts")
            ? [.. value.Items.Select(Text).OfType<string>()] : null;

    /// <summary>Gets a truth value; false if there is none.</summary>
    public bool Truth(JsonElementAt? value)
    {
        if (value is not null && value.Kind is not (JsonTokenType.True or JsonTokenType.False))
            Report(value, $"must be true or false, not {value.Noun}.");
        return value?.Kind == JsonTokenType.True;
    }

    /// <summary>Gets the source of a secret, which can't be the secret itself; null if there is none.</summary>
    public SecretSource? Secret(JsonElementAt? value)
    {
        if (value is null)
            return null;
        var problem = value.Kind == JsonTokenType.String
            ? "is a secret in plain text. Say where it comes from, for example { \"File\": … }."
            : SecretForm.Problem(value, canAcknowledge: false);
        if (problem is null)
            return ConnectionOpener.SecretOf(new Setting(value.Path, source, value.Line, value.Path, value), problems, acknowledges: false);
        Report(value, problem);
        return null;
    }

    /// <summary>Sets the properties of options by the names of an object's members.</summary>
    public void Fill(object options, JsonElementAt? value)
    {
        if (value is null)
            return;
        var properties = options.GetType().GetProperties().ToDictionary(property => property.Name);
        foreach (var (name, setting) in Members(value, properties.Keys))
        {
            if (SettingValue.Problem(properties[name], setting) is { } problem)
                Report(setting, problem);
            else
                properties[name].SetValue(options, SettingValue.Of(properties[name], setting));
        }
    }

    /// <summary>Adds a problem of a value.</summary>
    public void Report(JsonElementAt value, string message) => problems.Add(source, value.Line, value.Path, message);

    private bool Is(JsonElementAt value, JsonTokenType kind, string wanted)
    {
        if (value.Kind != kind)
            Report(value, $"must be {wanted}, not {value.Noun}.");
        return value.Kind == kind;
    }
}
