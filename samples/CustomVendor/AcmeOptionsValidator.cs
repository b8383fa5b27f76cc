using Microsoft.Extensions.Options;

namespace Acme.Tokens;

/// <summary>Checks the options of a connection. The source generator implements it from the options' attributes.</summary>
[OptionsValidator]
internal sealed partial class AcmeOptionsValidator : IValidateOptions<AcmeOptions>;
