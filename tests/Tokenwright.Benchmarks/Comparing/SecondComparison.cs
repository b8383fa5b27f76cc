namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// A candidate's ratios to the baseline, divided by those of another candidate in the same round. If both have the same baseline, this is
/// the ratio of the one to the other.
/// </summary>
/// <param name="With">The other candidate.</param>
/// <param name="Time">The elapsed time.</param>
/// <param name="Processor">The processor time of this process; null where it is not compared.</param>
/// <param name="Bytes">The allocated bytes.</param>
internal sealed record SecondComparison(string With, Spread Time, Spread? Processor, Spread Bytes);
