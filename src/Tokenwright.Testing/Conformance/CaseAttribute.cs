using System.Reflection;

namespace Tokenwright.Testing.Conformance;

/// <summary>Marks a method as a case, with its arguments.</summary>
/// <param name="arguments">The arguments.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CaseAttribute(params object?[] arguments) : Attribute
{
    /// <summary>
    /// Gets or initializes the name of a static member with the arguments of several cases, which replaces the arguments here.
    /// </summary>
    public string? From { get; init; }

    public IEnumerable<object?[]> ArgumentsIn(Type cases)
        => From is null ? [arguments]
            : ((System.Collections.IEnumerable)cases.GetField(
                From, BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.FlattenHierarchy)!.GetValue(null)!)
                .Cast<object>().Select(value => value as object?[] ?? [value]);
}
