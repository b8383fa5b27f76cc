using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Tokenwright;

/// <summary>
/// Creates options as the framework does, but where a reload gives options that can't be used, gives the last good ones: so nothing that
/// asks for a connection's options fails because somebody edits a file, and the reload itself doesn't either.
/// </summary>
/// <typeparam name="TOptions">The vendor's options.</typeparam>
/// <param name="setups">What sets options.</param>
/// <param name="postConfigures">What sets them afterwards.</param>
/// <param name="validations">What checks them.</param>
/// <param name="lastGood">Keeps the last good ones.</param>
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
