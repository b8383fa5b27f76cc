using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Text;
using System.Text.Json;

namespace Tokenwright.Generated;

/// <summary>Provides methods to read and write generated models, and methods that adapters need for them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class VendorJson
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a model from a JSON document.</summary>
    /// <typeparam name="T">The type of the model.</typeparam>
    /// <param name="json">The document, in UTF-8.</param>
    /// <param name="keepsUnknown">Whether the model keeps unknown members and values that can't be read.</param>
    /// <returns>The model; null if the document is <c>null</c>.</returns>
    /// <exception cref="JsonException">The document isn't one JSON object.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> json, bool keepsUnknown = true)
        where T : class, IJsonModel<T>
    {
        var input = new JsonInput(json[Start(json)..], keepsUnknown);
        input.Read();
        if (!input.TryRead(out T? model))
            throw new JsonException("It is not a JSON object.", null, 0, 0);
        input.RequireEnd();
        return model;
    }

    /// <summary>Reads a list of models from a JSON document.</summary>
    /// <inheritdoc cref="Read"/>
    public static ICollection<T>? ReadList<T>(ReadOnlySpan<byte> json, bool keepsUnknown = true)
        where T : class, IJsonModel<T>
    {
        var input = new JsonInput(json[Start(json)..], keepsUnknown);
        input.Read();
        if (!input.TryRead(out ICollection<T>? models))
            throw new JsonException("It is not a JSON array of objects.", null, 0, 0);
        input.RequireEnd();
        return models;
    }

    /// <summary>Writes a model as a JSON document in UTF-8, without members that are null.</summary>
    /// <typeparam name="T">The type of the model.</typeparam>
    /// <param name="model">The model.</param>
    public static byte[] Write<T>(T model)
        where T : class, IJsonModel<T>
        => JsonOutput.ToArray(model, static (output, value) => output.WriteValue(value));

    /// <summary>Gets a model's unknown members, as JSON text by name.</summary>
    /// <typeparam name="T">The type of the model.</typeparam>
    /// <param name="model">The model.</param>
    public static IReadOnlyDictionary<string, string> UnknownFields<T>(T model)
        where T : class, IJsonModel<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.ExtensionData switch
        {
            null => ReadOnlyDictionary<string, string>.Empty,
            ExtensionData kept => kept.ToTexts(),
            { Count: 0 } => ReadOnlyDictionary<string, string>.Empty,
            { } own => own.ToDictionary(field => field.Key, field => Text(field.Value), StringComparer.Ordinal),
        };
    }

    /// <summary>
    /// Determines whether a model keeps at least one of some members. A member that the model knows is kept if its value couldn't be read.
    /// </summary>
    /// <typeparam name="T">The type of the model.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="names">The members' names, ignoring case.</param>
    public static bool Keeps<T>(T model, params ReadOnlySpan<string> names)
        where T : class, IJsonModel<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ExtensionData is not { } kept)
            return false;
        foreach (var name in names)
        {
            if (kept is ExtensionData read ? read.Has(name) : kept.Keys.Contains(name, StringComparer.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Removes members that contain secrets from a model's unknown members. A secret is there if the spec doesn't expect it, or if it
    /// couldn't be read.
    /// </summary>
    /// <typeparam name="T">The type of the model.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="names">The members' names, ignoring case.</param>
    public static void DropSecrets<T>(T model, params ReadOnlySpan<string> names)
        where T : class, IJsonModel<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ExtensionData is not { } kept)
            return;
        foreach (var name in names)
        {
            if (kept is ExtensionData read)
            {
                read.Wipe(name);
                continue;
            }

            Remove(kept, name);
        }
    }

    /// <summary>Gets the value, as JSON, of one of a model's unknown members by name, ignoring case; null if there is none.</summary>
    internal static string? Kept<T>(T model, string name)
        where T : class, IJsonModel<T>
        => model.ExtensionData switch
        {
            null => null,
            ExtensionData read => read.Find(name),
            { } own => Find(own, name),
        };

    /// <summary>Gets the start of the document, after the byte order mark that some servers send.</summary>
    internal static int Start(ReadOnlySpan<byte> json) => json.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;

    internal static string Text(object? value) => value is RawJson raw
        ? raw.ToString()
        : Encoding.UTF8.GetString(JsonOutput.ToArray(value, static (output, any) => output.WriteAny(any)));

    // A closure is allocated when its method is entered, even if it isn't used.
    private static string? Find(IDictionary<string, object> fields, string name)
        => fields.Where(field => string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase))
            .Select(field => Text(field.Value)).FirstOrDefault();

    private static void Remove(IDictionary<string, object> fields, string name)
    {
        foreach (var key in fields.Keys.Where(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)).ToList())
            fields.Remove(key);
    }
}
