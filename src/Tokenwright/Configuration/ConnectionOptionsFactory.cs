using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Tokenwright;

/// <summary>
/// Creates options as the framework does, but returns the last valid ones if a reload gives invalid options. So an edited file can't make
/// the reload fail, or code that reads the options.
/// </summary>
/// <typeparam name="TOptions">The vendor's options.</typeparam>
/// <param name="setups">Configures the options.</param>
/// <param name="postConfigures">Configures the options afterwards.</param>
/// <param name="validations">Validates the options.</param>
/// <param name="lastGood">Keeps the last valid options.</param>
internal sealed class ConnectionOptionsFactory<[
    DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> setups,
    IEnumerable<IPostConfigureOptions<TOptions>> postConfigures,
    IEnumerable<IValidateOptions<TOptions>> validations,
    LastGoodOptions<TOptions> lastGood) : IOptionsFactory<TOptions>
    where TOptions : ConnectionOptions
{
    private readonly OptionsFactory<TOptions> _inner = new(setups, postConfigures, validations);

    public TOptions Create(string name) => lastGood.OrNew(name, _inner.Create);
}
