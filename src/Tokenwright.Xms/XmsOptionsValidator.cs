using Microsoft.Extensions.Options;

namespace Tokenwright.Xms;

/// <summary>Validates the options of a connection. The compiler generates it from their attributes.</summary>
[OptionsValidator]
internal sealed partial class XmsOptionsValidator : IValidateOptions<XmsOptions>;
