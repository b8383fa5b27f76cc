namespace Tokenwright.Testing.Conformance;

/// <summary>Represents one requirement for a client. Cases are independent of each other and can run at the same time.</summary>
public sealed class ConformanceCase
{
    private readonly Func<Task> _run;

    internal ConformanceCase(string name, Func<Task> run)
    {
        Name = name;
        _run = run;
    }

    /// <summary>Gets the requirement, as a sentence followed by the arguments of the case.</summary>
    public string Name { get; }

    /// <summary>Runs the case with a new emulated vendor.</summary>
    /// <exception cref="ConformanceException">The client doesn't meet the requirement.</exception>
    public Task RunAsync() => _run();

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
