using System.ComponentModel;

namespace Tokenwright.Generated;

/// <summary>
/// What the generator adds to every model of a typed client: reading and writing its members. Callers need not know it; a model can also be
/// read and written with Newtonsoft.Json, whose attributes it carries.
/// </summary>
/// <typeparam name="TSelf">The model itself.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonModel<TSelf>
    where TSelf : class, IJsonModel<TSelf>
{
    /// <summary>Gets what the model holds beyond its members; null if nothing.</summary>
    IDictionary<string, object>? ExtensionData { get; }

    /// <summary>Creates a model with nothing set.</summary>
    static abstract TSelf Create();

    /// <summary>Sets every member back to what it is in a new model, to read another document into this one.</summary>
    void Reset();

    /// <summary>Reads the members of an object up to its end.</summary>
    /// <param name="input">The document, with the reader on the start of the object.</param>
    void ReadMembers(ref JsonInput input);

    /// <summary>Reads one member.</summary>
    /// <param name="input">The document, with the reader on the member's value.</param>
    /// <param name="name">The member's name.</param>
    void ReadMember(ref JsonInput input, ReadOnlySpan<byte> name);

    /// <summary>Writes the members that are not null, between the start and the end of the object.</summary>
    /// <param name="output">The document.</param>
    void WriteMembers(JsonOutput output);
}
