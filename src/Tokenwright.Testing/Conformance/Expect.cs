using System.Collections;
using System.Runtime.CompilerServices;

namespace Tokenwright.Testing.Conformance;

/// <summary>
/// Provides assertions for cases, without a test framework. They throw <see cref="ConformanceException"/>, which names the checked
/// expression.
/// </summary>
internal static class Expect
{
    /// <summary>Checks that two values are equal, or that two sequences have equal items in the same order.</summary>
    public static void Equal(
        object? actual, object? expected, string? remark = null, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!AreEqual(actual, expected))
            throw new ConformanceException($"{what} should be {Text(expected)}, but is {Text(actual)}.", remark);
    }

    /// <summary>Checks that two sequences have the same items in any order.</summary>
    public static void SameItems<T>(
        IEnumerable<T> actual, IEnumerable<T> expected, string? remark = null, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        List<T> left = [.. expected];
        List<T> all = [.. actual];
        if (!all.All(left.Remove) || left.Count > 0)
            throw new ConformanceException($"{what} should be, in any order, {Text(expected)}, but is {Text(all)}.", remark);
    }

    /// <summary>Checks that a condition is true.</summary>
    public static void True(bool isSo, string? remark = null, [CallerArgumentExpression(nameof(isSo))] string what = "")
    {
        if (!isSo)
            throw new ConformanceException($"This should be true: {what}.", remark);
    }

    /// <summary>Checks that a value is of a type.</summary>
    public static void OfType(
        object? actual, Type expected, string? remark = null, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (actual?.GetType() != expected)
            throw new ConformanceException(
                $"{what} should be a {expected.Name}, but is {(actual is null ? "nothing" : $"a {actual.GetType().Name}: {actual}")}.",
                remark);
    }

    /// <summary>Checks that a call throws an exception of a type or of a derived type.</summary>
    public static async Task Throws(
        Type expected, Func<Task> call, string? remark = null, [CallerArgumentExpression(nameof(call))] string what = "")
    {
        var thrown = await Thrown(call).ConfigureAwait(false);
        if (!expected.IsInstanceOfType(thrown))
            throw new ConformanceException(
                $"{what} should throw {expected.Name}, but {(thrown is null ? "nothing was thrown" : $"this was thrown: {thrown}")}.",
                remark);
    }

    /// <inheritdoc cref="Throws(Type, Func{Task}, string, string)"/>
    public static Task Throws<TException>(Func<Task> call, string? remark = null, [CallerArgumentExpression(nameof(call))] string what = "")
        where TException : Exception
        => Throws(typeof(TException), call, remark, what);

    /// <summary>Gets the exception of a call; null if there is none.</summary>
    public static async Task<Exception?> Thrown(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is not ConformanceException)
        {
            return exception;
        }
    }

    private static bool AreEqual(object? actual, object? expected)
        => actual is ITuple tuple && expected is ITuple other ? tuple.Length == other.Length
            && Enumerable.Range(0, tuple.Length).All(index => AreEqual(tuple[index], other[index]))
            : actual is IEnumerable some and not string && expected is IEnumerable others and not string
            ? some.Cast<object?>().SequenceEqual(others.Cast<object?>())
            : Equals(actual, expected);

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(index => Text(tuple[index])))})",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        _ => value.ToString() ?? string.Empty,
    };
}
