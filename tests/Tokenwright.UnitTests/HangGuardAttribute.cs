using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Commands;

namespace Tokenwright.UnitTests;

/// <summary>
/// Fails a test that hangs, whether it waits or loops. The limit is much longer than any test needs, even on a busy machine.
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
            // On a separate thread, which is abandoned if the test hangs.
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
