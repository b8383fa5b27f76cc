using System.ComponentModel;

namespace Tokenwright.Generated;

/// <summary>
/// Provides the methods with which a generated model reads and writes its members. Callers don't need it. A model can also be read and
/// written with Newtonsoft.Json, because it has its attributes.
/// </summary>
/// <typeparam name="TSelf">The type of the model.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonModel<TSelf>
    where TSelf : class, IJsonModel<TSelf>
{
    /// <summary>Gets the unknown members; null if there are none.</summary>
    IDictionary<string, object>? ExtensionData { get; }

    /// <summary>Creates a model with no property set.</summary>
    static abstract TSelf Create();

    /// <summary>Resets every property to its initial value, so that another document can be read into this model.</summary>
    void Reset();

    /// <summary>Reads the members of an object.</summary>
    /// <param name="input">The document, positioned at the start of the object.</param>
    void ReadMembers(ref JsonInput input);

    /// <summary>Reads one member.</summary>
    /// <param name="input">The document, positioned at the member's value.</param>
    /// <param name="name">The member's name.</param>
    void ReadMember(ref JsonInput input, ReadOnlySpan<byte> name);

    /// <summary>Writes the members that aren't null, between the start and the end of the object.</summary>
    /// <param name="output">The document.</param>
    void WriteMembers(JsonOutput output);
}
