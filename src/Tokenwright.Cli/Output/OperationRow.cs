namespace Tokenwright.Cli.Output;

/// <summary>What a vendor's capabilities say of an operation.</summary>
internal sealed record OperationRow(
    string Operation, string Support, IReadOnlyList<string> References, bool SafeToRetry, string? Remark, string? Alternative);
