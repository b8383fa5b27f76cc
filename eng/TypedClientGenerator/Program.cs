using NSwag.Commands;
using TypedClientGenerator;

// Runs NSwag with a configuration file, like NSwag's own command, and with .NET names. The configuration file can't set a name generator.
// Arguments: the configuration file, and its variables in the form of NSwag's command (name=value,…).
var document = await NSwagDocument.LoadWithTransformationsAsync(args[0], args[1]);
var settings = document.CodeGenerators.OpenApiToCSharpClientCommand.Settings;
settings.ParameterNameGenerator = new DotNetNames();
settings.CSharpGeneratorSettings.PropertyNameGenerator = new DotNetNames();
await document.ExecuteAsync();
