using Microsoft.Extensions.Options;

namespace Unleash.Tokens;

/// <summary>Checks the options of a connection. The source generator implements it from the options' attributes.</summary>
[OptionsValidator]
internal sealed partial class UnleashOptionsValidator : IValidateOptions<UnleashOptions>;
