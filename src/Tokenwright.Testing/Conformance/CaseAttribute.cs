using System.Reflection;

namespace Tokenwright.Testing.Conformance;

/// <summary>Marks a case, with its arguments.</summary>
/// <param name="arguments">The arguments.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CaseAttribute(params object?[] arguments) : Attribute
{
    /// <summary>Gets or initializes a static member that gives the arguments of several cases, in place of those given here.</summary>
    public string? From { get; init; }

    public IEnumerable<object?[]> ArgumentsIn(Type cases)
        => From is null ? [arguments]
            : ((System.Collections.IEnumerable)cases.GetField(
                From, BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.FlattenHierarchy)!.GetValue(null)!)
                .Cast<object>().Select(value => value as object?[] ?? [value]);
}
