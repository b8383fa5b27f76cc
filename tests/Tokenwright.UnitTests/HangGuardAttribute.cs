using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Commands;

namespace Tokenwright.UnitTests;

/// <summary>
/// Lets a test fail that would never end, be it that it waits or that it spins: its time is far longer than any test here takes, on however
/// busy a machine.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HangGuardAttribute : NUnitAttribute, IWrapSetUpTearDown
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public TestCommand Wrap(TestCommand command) => new GuardedCommand(command);

    private sealed class GuardedCommand(TestCommand inner) : DelegatingTestCommand(inner)
    {
        public override TestResult Execute(TestExecutionContext context)
        {
            // On a thread of its own, which is left behind if it never comes back.
            var run = Task.Factory.StartNew(
                () =>
                {
                    using (new TestExecutionContext.IsolatedContext())
                        return innerCommand.Execute(TestExecutionContext.CurrentContext);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            if (Task.WhenAny(run, Task.Delay(Patience, TimeProvider.System)).GetAwaiter().GetResult() == run)
                return context.CurrentResult = run.GetAwaiter().GetResult();
            context.CurrentResult.SetResult(ResultState.Failure, $"The test did not end within {Patience}.");
            return context.CurrentResult;
        }
    }
}
