namespace Tokenwright.ConformanceTests.Field;

/// <summary>An exception that can't even be asked what it is.</summary>
internal sealed class UnreadableException : Exception
{
    public override string Message => throw new InvalidOperationException("no message");

    public override string ToString() => throw new InvalidOperationException("no text");
}
