using Microsoft.Extensions.Options;

namespace Acme.Tokens;

/// <summary>Checks the options of a connection; the compiler writes it from their attributes.</summary>
[OptionsValidator]
internal sealed partial class AcmeOptionsValidator : IValidateOptions<AcmeOptions>;
