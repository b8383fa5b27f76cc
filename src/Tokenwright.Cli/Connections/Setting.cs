using System.Text.Json;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Represents one setting of a connection as it was written in a source.</summary>
/// <param name="Name">The setting's name, as the options spell it.</param>
/// <param name="Source">The file, environment variable or option that contains it.</param>
/// <param name="Line">The line in the file; 0 for other sources.</param>
/// <param name="Path">The path in the source, as <c>Tokenwright:SailPoint:identity:ClientId</c>.</param>
/// <param name="Value">The value.</param>
internal sealed record Setting(string Name, string Source, int Line, string Path, JsonElementAt Value)
{
    /// <summary>Gets whether the value is a secret in plain text.</summary>
    public bool IsPlainSecret => Value.Kind == JsonTokenType.String;
}
