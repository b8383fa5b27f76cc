namespace Tokenwright.Cli.Output;

/// <summary>Represents the capability of one operation.</summary>
internal sealed record OperationRow(
    string Operation, string Support, IReadOnlyList<string> References, bool SafeToRetry, string? Remark, string? Alternative);
