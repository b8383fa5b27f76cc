namespace Tokenwright.Testing.Conformance;

/// <summary>One thing that a client has to do. Cases are independent of each other and may run side by side.</summary>
public sealed class ConformanceCase
{
    private readonly Func<Task> _run;

    internal ConformanceCase(string name, Func<Task> run)
    {
        Name = name;
        _run = run;
    }

    /// <summary>Gets what the client has to do, as a sentence, with the case's arguments behind it.</summary>
    public string Name { get; }

    /// <summary>Runs the case against a fresh vendor's side of its own.</summary>
    /// <exception cref="ConformanceException">The client doesn't do it.</exception>
    public Task RunAsync() => _run();

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
