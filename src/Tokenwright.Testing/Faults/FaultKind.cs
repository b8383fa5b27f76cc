namespace Tokenwright.Testing;

internal enum FaultKind
{
    Delay,
    Stall,
    Cut,
    Reset,
    Response,
}
