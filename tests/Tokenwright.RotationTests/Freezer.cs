namespace Tokenwright.RotationTests;

/// <summary>
/// Counts the steps of a process, and stops the process for good at one of them, as a loss of power does. Nothing after that step happens.
/// </summary>
internal sealed class Freezer(int stopAt = int.MaxValue)
{
    private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<string> _steps = [];

    /// <summary>Gets or initializes what is called after each step.</summary>
    public Action<string>? OnStep { get; init; }

    /// <summary>Gets or initializes what is called with each request and its response.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage, Task>? OnResponse { get; init; }

    /// <summary>Completes when the process has stopped.</summary>
    public Task Frozen => _frozen.Task;

    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (_lock)
                return [.. _steps];
        }
    }

    public Task StepAsync(string name)
    {
        lock (_lock)
        {
            _steps.Add(name);
        }

        OnStep?.Invoke(name);
        if (Steps.Count < stopAt)
            return Task.CompletedTask;

        _frozen.TrySetResult();
        return new TaskCompletionSource().Task;
    }
}
