using System.Text.Json;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>One setting of a connection as it was written somewhere.</summary>
/// <param name="Name">The setting's name, in the spelling of the options.</param>
/// <param name="Source">The file, the environment variable or the option that it comes from.</param>
/// <param name="Line">The line in the file; 0 elsewhere.</param>
/// <param name="Path">Where it stands there, as <c>Tokenwright:SailPoint:identity:ClientId</c>.</param>
/// <param name="Value">Its value.</param>
internal sealed record Setting(string Name, string Source, int Line, string Path, JsonElementAt Value)
{
    /// <summary>Gets whether the value is a secret that stands there in plain text.</summary>
    public bool IsPlainSecret => Value.Kind == JsonTokenType.String;
}
