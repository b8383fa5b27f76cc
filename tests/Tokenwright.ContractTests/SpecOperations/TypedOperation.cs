using System.Reflection;
using System.Text.Json.Nodes;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;
using Tokenwright.ContractTests.Readers;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.ContractTests.SpecOperations;

/// <summary>The method of a typed client for an operation of the spec, found by its name.</summary>
internal sealed class TypedOperation(SpecOperation operation, Type client)
{
    private static readonly JsonSerializerSettings Reading =
        NewtonsoftReading.Configure(new JsonSerializerSettings { ContractResolver = new WithoutBag() });

    // Not the client's settings: those write times to the millisecond, but models contain the exact time.
    private static readonly JsonSerializerSettings Writing = new() { ContractResolver = new WithoutBag() };

    private readonly MethodInfo _method = client.GetMethod($"{char.ToUpperInvariant(operation.Name[0])}{operation.Name[1..]}Async")
        ?? throw new MissingMethodException(client.Name, operation.Name);

    /// <summary>Creates the typed client of a vendor, by the name of the vendor's folder.</summary>
    public static Type ClientOf(string vendor)
        => Directory.EnumerateFiles(AppContext.BaseDirectory, "Tokenwright.*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name.Equals($"Tokenwright.{vendor}", StringComparison.OrdinalIgnoreCase))
            .SelectMany(name => Assembly.Load(name).GetExportedTypes())
            .Single(type => type.Name.Equals($"{vendor}ApiClient", StringComparison.OrdinalIgnoreCase));

    /// <summary>Calls the method. Parameters without a value in the request keep their defaults.</summary>
    /// <returns>The declared members of the model as JSON; null if the method returns nothing.</returns>
    public async Task<JsonNode?> CallAsync(HttpClient http, SpecRequest request, CancellationToken cancellationToken = default)
    {
        var call = Start(Activator.CreateInstance(client, http)!, [.. Arguments(request)[..^1], cancellationToken]);
        await call;
        return _method.ReturnType.IsGenericType
            ? JsonNode.Parse(JsonConvert.SerializeObject(_method.ReturnType.GetProperty("Result")!.GetValue(call), Writing))
            : null;
    }

    /// <summary>Returns the arguments of a call, including the cancellation token.</summary>
    public object?[] Arguments(SpecRequest request) => [.. _method.GetParameters().Select(parameter => Argument(parameter, request))];

    /// <summary>Calls the method of a typed client.</summary>
    public Task Start(object typedClient, object?[] arguments)
        => (Task)_method.Invoke(typedClient, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    private static object? Argument(ParameterInfo parameter, SpecRequest request)
    {
        var value = parameter.Name == "body"
            ? request.Body
            : request.Arguments.SingleOrDefault(argument => IsSameName(argument.Key, parameter.Name!)).Value;
        return value is null
            ? parameter.HasDefaultValue
                ? parameter.DefaultValue : throw new MissingMemberException($"{request}: no value for {parameter.Name}")
            : JsonConvert.DeserializeObject(value.ToJsonString(), parameter.ParameterType, Reading);
    }

    // The names of the parameters are those of the wire in .NET's casing.
    private static bool IsSameName(string onTheWire, string parameter) => parameter.Equals(
        string.Concat(onTheWire.Where(char.IsLetterOrDigit)), StringComparison.OrdinalIgnoreCase);

    /// <summary>Ignores the dictionary of unknown members. It would contain a member that the model lacks, and so hide that.</summary>
    private sealed class WithoutBag : DefaultContractResolver
    {
        protected override JsonObjectContract CreateObjectContract(Type objectType)
        {
            var contract = base.CreateObjectContract(objectType);
            contract.ExtensionDataGetter = null;
            contract.ExtensionDataSetter = null;
            return contract;
        }
    }
}
