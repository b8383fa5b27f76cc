using Microsoft.Extensions.Logging;

namespace Tokenwright.Rotation;

/// <summary>The log of rotations. No entry has a secret.</summary>
internal static partial class RotationLog
{
    [LoggerMessage(1, LogLevel.Information, "{Lineage}: {Stage}. {Text}")]
    public static partial void Progress(ILogger logger, string lineage, RotationStage stage, string text);

    [LoggerMessage(2, LogLevel.Error, "{Lineage} needs attention. {Text}")]
    public static partial void NeedsAttention(ILogger logger, string lineage, string text);

    [LoggerMessage(3, LogLevel.Error, "{Lineage}: the rotation failed and is tried again.")]
    public static partial void Failed(ILogger logger, string lineage, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "What is due could not be run. It is tried again.")]
    public static partial void RunFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "{Lineage}: OnEvent failed. The rotation goes on.")]
    public static partial void EventFailed(ILogger logger, string lineage, Exception exception);
}
