namespace Tokenwright.Generated;

/// <summary>
/// The models and lists within the one model that serves for all elements of a list: each element takes those of the one before it.
/// </summary>
internal sealed class ModelPool
{
    private readonly List<object> _parts = [];
    private int _taken;

    /// <summary>Takes all of them back.</summary>
    public void Reclaim() => _taken = 0;

    /// <summary>Gives a model with nothing set.</summary>
    public T Take<T>()
        where T : class, IJsonModel<T>
    {
        if (Find<T>() is not { } spare)
            return Added(T.Create());
        spare.Reset();
        return spare;
    }

    /// <summary>Gives an empty list.</summary>
    public List<string> TakeTexts()
    {
        if (Find<List<string>>() is not { } spare)
            return Added(new List<string>());
        spare.Clear();
        return spare;
    }

    // Elements are alike: what is looked for is most often the next one.
    private T? Find<T>()
        where T : class
    {
        for (var i = _taken; i < _parts.Count; i++)
        {
            if (_parts[i] is not T found)
                continue;
            (_parts[i], _parts[_taken]) = (_parts[_taken], _parts[i]);
            _taken++;
            return found;
        }

        return null;
    }

    private T Added<T>(T part)
        where T : class
    {
        _parts.Add(part);
        (_parts[^1], _parts[_taken]) = (_parts[_taken], _parts[^1]);
        _taken++;
        return part;
    }
}
