using System.Globalization;
using System.Reflection;

namespace Tokenwright.Testing.Conformance;

/// <summary>
/// Provides the requirements for every <see cref="ITokenClient"/>, whatever its vendor. They cover each operation by each kind of
/// reference, which must work or be refused as the capabilities say, and also lists, filters, unusual records, concurrency, cancellation,
/// invalid arguments and disposal.
/// </summary>
/// <remarks>
/// The suite needs no test framework. With NUnit, pass the cases to <c>TestCaseSource</c>; with xUnit, to <c>MemberData</c>; with MSTest,
/// to <c>DynamicData</c>.
/// </remarks>
public static class ConformanceSuite
{
    private static readonly Type[] Groups =
        [typeof(OperationCases), typeof(ListCases), typeof(QueryCases), typeof(RecordCases), typeof(CallCases), typeof(LimitCases)];

    /// <summary>Gets all cases for a client.</summary>
    /// <param name="subject">The client.</param>
    public static IReadOnlyList<ConformanceCase> CasesOf(ConformanceSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return
        [
            .. from cases in Groups
               from method in cases.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
               from source in method.GetCustomAttributes<CaseAttribute>()
               from arguments in source.ArgumentsIn(cases)
               let name = NameOf(method, arguments)
               select new ConformanceCase(name, () => RunAsync(subject.Name, name, () => RunAsync(subject, cases, method, arguments))),
        ];
    }

    private static string NameOf(MethodInfo method, object?[] arguments)
        => method.Name.Replace('_', ' ') + (arguments.Length == 0 ? string.Empty
            : $" ({string.Join(", ", arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)))})");

    /// <summary>Runs a case. Whatever it throws is reported as a failure of the subject.</summary>
    /// <param name="subject">The name of the subject.</param>
    /// <param name="name">The name of the case.</param>
    /// <param name="run">Runs the case, which is called through reflection.</param>
    internal static async Task RunAsync(string subject, string name, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not ConformanceException)
        {
            var cause = (failure as TargetInvocationException)?.InnerException ?? failure;
            throw new ConformanceException($"{subject}, {name}: {cause.GetType().Name}: {cause.Message}", cause);
        }
    }

    private static async Task RunAsync(ConformanceSubject subject, Type cases, MethodInfo method, object?[] arguments)
    {
        using var run = (ConformanceRun)Activator.CreateInstance(cases, subject)!;
        await ((Task)method.Invoke(run, arguments)!).ConfigureAwait(false);
    }
}
