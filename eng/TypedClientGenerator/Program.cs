using NSwag.Commands;
using TypedClientGenerator;

// Runs NSwag with a configuration file, as its own command does, and with .NET names: no setting of the file can name a generator of names.
// Arguments: the configuration, and its variables as NSwag's command takes them (name=value,…).
var document = await NSwagDocument.LoadWithTransformationsAsync(args[0], args[1]);
var settings = document.CodeGenerators.OpenApiToCSharpClientCommand.Settings;
settings.ParameterNameGenerator = new DotNetNames();
settings.CSharpGeneratorSettings.PropertyNameGenerator = new DotNetNames();
await document.ExecuteAsync();
