using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tokenwright.Generated;

/// <summary>Builds the address of a request. It is used by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct RequestUrl
{
    private DefaultInterpolatedStringHandler _text;
    private readonly bool _isAbsolute;
    private bool _hasQuery;

    /// <summary>Initializes a new instance of the <see cref="RequestUrl"/> struct.</summary>
    /// <param name="prefix">The base address, which ends with a slash; empty for a relative address.</param>
    public RequestUrl(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        _text = new DefaultInterpolatedStringHandler(64 + prefix.Length, 0, CultureInfo.InvariantCulture);
        _text.AppendLiteral(prefix);
        _isAbsolute = prefix.Length > 0;
    }

    /// <summary>Adds a part of the operation's path unchanged.</summary>
    /// <param name="path">The part.</param>
    public void Append(string path) => _text.AppendLiteral(path);

    /// <summary>Adds a value as a path segment, or as part of one.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The value is empty, <c>.</c> or <c>..</c>, which would address another resource.</exception>
    public void AppendSegment(string value)
    {
        if (string.IsNullOrEmpty(value) || value is "." or "..")
            throw new ArgumentException($"'{value}' can't be a part of a path: it would name another resource.", nameof(value));
        _text.AppendLiteral(Uri.EscapeDataString(value));
    }

    /// <inheritdoc cref="AppendSegment(string)"/>
    public void AppendSegment(long value) => _text.AppendFormatted(value);

    /// <summary>Adds a parameter to the query. A null value adds nothing.</summary>
    /// <param name="name">The parameter's name, in encoded form.</param>
    /// <param name="value">The parameter's value.</param>
    public void AppendQuery(string name, string? value)
    {
        if (value is null)
            return;
        AppendName(name);
        _text.AppendLiteral(Uri.EscapeDataString(value));
    }

    /// <inheritdoc cref="AppendQuery(string, string?)"/>
    public void AppendQuery(string name, long? value)
    {
        if (value is not { } number)
            return;
        AppendName(name);
        _text.AppendFormatted(number);
    }

    /// <inheritdoc cref="AppendQuery(string, string?)"/>
    public void AppendQuery(string name, bool? value) => AppendQuery(name, value is { } truth ? (truth ? "true" : "false") : null);

    /// <summary>Adds a parameter to the query once for each value.</summary>
    /// <param name="name">The parameter's name, in encoded form.</param>
    /// <param name="values">The parameter's values.</param>
    public void AppendQuery(string name, IEnumerable<long> values)
    {
        foreach (var value in values)
            AppendQuery(name, value);
    }

    /// <summary>Creates the address. Nothing can be added afterwards.</summary>
    internal Uri ToUri()
    {
        var text = _text.ToStringAndClear();
        if (_isAbsolute)
            return new Uri(text, UriKind.Absolute);

        // A first segment with a colon (access-tokens:validate) would be parsed as an address with a scheme.
        var end = text.AsSpan().IndexOfAny('/', '?', ':');
        return new Uri(end >= 0 && text[end] == ':' ? "./" + text : text, UriKind.Relative);
    }

    private void AppendName(string name)
    {
        _text.AppendLiteral(_hasQuery ? "&" : "?");
        _hasQuery = true;
        _text.AppendLiteral(name);
        _text.AppendLiteral("=");
    }
}
