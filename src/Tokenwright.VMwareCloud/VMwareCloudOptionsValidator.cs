using Microsoft.Extensions.Options;

namespace Tokenwright.VMwareCloud;

/// <summary>Validates the options of a connection. The compiler generates it from their attributes.</summary>
[OptionsValidator]
internal sealed partial class VMwareCloudOptionsValidator : IValidateOptions<VMwareCloudOptions>;
