namespace Tokenwright.Benchmarks.Comparing;

/// <summary>The median and the quartiles of the measurements of all rounds.</summary>
internal readonly record struct Spread(double Median, double LowerQuartile, double UpperQuartile)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75));
    }

    /// <summary>Returns the value below which a share of the sorted values lies.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        var place = (sorted.Length - 1) * share;
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((sorted[below + 1] - sorted[below]) * (place - below)) : sorted[below];
    }
}
