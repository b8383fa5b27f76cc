using System.Reflection;

namespace Tokenwright.Testing.Conformance;

/// <summary>
/// Provides the requirements for every <see cref="IRotationJournal"/>: what was written is there after a restart, a lock has one holder in
/// all processes and ends with its process, a stale write and a write without the lock are refused, secrets are erased, and the lineages
/// that are due are found.
/// </summary>
/// <remarks>The suite needs no test framework. It is used as <see cref="ConformanceSuite"/> is.</remarks>
public static class RotationJournalSuite
{
    /// <summary>Gets all cases for a journal.</summary>
    /// <param name="subject">The journal.</param>
    public static IReadOnlyList<ConformanceCase> CasesOf(RotationJournalSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return
        [
            .. from method in typeof(RotationJournalCases).GetMethods(
                   BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
               where method.IsDefined(typeof(CaseAttribute))
               let name = method.Name.Replace('_', ' ')
               select new ConformanceCase(name, () => ConformanceSuite.RunAsync(subject.Name, name, () => RunAsync(subject, method))),
        ];
    }

    private static async Task RunAsync(RotationJournalSubject subject, MethodInfo method)
    {
        var stage = subject.Start();
        await using (stage.ConfigureAwait(false))
        {
            var run = new RotationJournalCases(stage);
            await using (run.ConfigureAwait(false))
                await ((Task)method.Invoke(run, null)!).ConfigureAwait(false);
        }
    }
}
