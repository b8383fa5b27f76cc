using Microsoft.Extensions.Options;

namespace Tokenwright.SailPoint;

/// <summary>Checks the options of a connection; the compiler writes it from their attributes.</summary>
[OptionsValidator]
internal sealed partial class SailPointOptionsValidator : IValidateOptions<SailPointOptions>;
