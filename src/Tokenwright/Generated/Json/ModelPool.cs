namespace Tokenwright.Generated;

/// <summary>
/// Provides the nested models and lists of a model that is reused for all elements of a list. Each element reuses those of the one before
/// it.
/// </summary>
internal sealed class ModelPool
{
    private readonly List<object> _parts = [];
    private int _taken;

    /// <summary>Returns all models and lists to the pool.</summary>
    public void Reclaim() => _taken = 0;

    /// <summary>Gets a model with no property set.</summary>
    public T Take<T>()
        where T : class, IJsonModel<T>
    {
        if (Find<T>() is not { } spare)
            return Added(T.Create());
        spare.Reset();
        return spare;
    }

    /// <summary>Gets an empty list.</summary>
    public List<string> TakeTexts()
    {
        if (Find<List<string>>() is not { } spare)
            return Added(new List<string>());
        spare.Clear();
        return spare;
    }

    // Elements are similar, so the next model in the pool usually has the right type.
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
