namespace Tokenwright.Cli.Output;

/// <summary>What a vendor's capability card says of an operation.</summary>
internal sealed record OperationRow(string Operation, string Support, IReadOnlyList<string> References, bool SafeToResend, string? Remark, string? Alternative);
