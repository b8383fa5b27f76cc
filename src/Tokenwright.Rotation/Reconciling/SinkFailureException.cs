namespace Tokenwright.Rotation;

/// <summary>A sink could not be written or read.</summary>
internal sealed class SinkFailureException(string message, Exception innerException) : Exception(message, innerException);
