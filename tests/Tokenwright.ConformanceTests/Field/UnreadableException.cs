namespace Tokenwright.ConformanceTests.Field;

/// <summary>An exception whose members all throw.</summary>
internal sealed class UnreadableException : Exception
{
    public override string Message => throw new InvalidOperationException("no message");

    public override string ToString() => throw new InvalidOperationException("no text");
}
