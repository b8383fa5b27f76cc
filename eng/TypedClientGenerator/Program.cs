using NSwag;
using NSwag.Commands;
using TypedClientGenerator;

// Runs NSwag with a configuration file, like NSwag's own command, with .NET names and complete doc comments. The configuration file can't
// set them.
// Arguments: the configuration file, and its variables in the form of NSwag's command (name=value,…).
var configuration = await NSwagDocument.LoadWithTransformationsAsync(args[0], args[1]);
var command = configuration.CodeGenerators.OpenApiToCSharpClientCommand;
command.Settings.ParameterNameGenerator = new DotNetNames();
command.Settings.CSharpGeneratorSettings.PropertyNameGenerator = new DotNetNames();
var spec = (OpenApiDocument)await configuration.SelectedSwaggerGenerator.RunAsync(null, null);
DocComments.DescribeReferences(spec);
command.Input = spec;
var code = (await command.RunAsync()).Values.Single();
File.WriteAllText(command.OutputFilePath, DocComments.AddTo(code, command.ClassName));
