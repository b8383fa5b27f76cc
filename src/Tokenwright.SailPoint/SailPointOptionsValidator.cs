using Microsoft.Extensions.Options;

namespace Tokenwright.SailPoint;

/// <summary>Validates the options of a connection. The compiler generates it from their attributes.</summary>
[OptionsValidator]
internal sealed partial class SailPointOptionsValidator : IValidateOptions<SailPointOptions>;
