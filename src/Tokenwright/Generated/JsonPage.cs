using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.Http;

namespace Tokenwright.Generated;

/// <summary>
/// Represents a response that is a list. It is read element by element into one reused model, so that a long list needs one model and one
/// pooled buffer, which is returned on disposal. It isn't safe for concurrent use.
/// </summary>
/// <typeparam name="TItem">The type of an element's model.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public class JsonPage<TItem> : IDisposable
    where TItem : class, IJsonModel<TItem>
{
    private readonly HttpResponseMessage _response;
    private readonly ResponseBody _body;
    private readonly string? _listMember;
    private readonly bool _keepsUnknown;
    private readonly ModelPool? _spares;
    private JsonReaderState _state;
    private int _position;
    private bool _isInList;
    private bool _isListFound;

    // All elements share one model. If they keep unknown members, each element is a model of its own.
    private TItem _current = TItem.Create();

    // Whether an element that isn't a record is returned, and whether the one that was read last isn't a record.
    private bool _returnsUnreadable;
    private bool _isUnreadable;

    internal JsonPage(HttpResponseMessage response, ResponseBody body, string? listMember, bool keepsUnknown)
    {
        _response = response;
        _body = body;
        _listMember = listMember;
        _keepsUnknown = keepsUnknown;
        _spares = keepsUnknown ? null : new ModelPool();
        _state = new JsonReaderState(JsonInput.Options);
        _position = VendorJson.Start(body.Span);
    }

    /// <summary>Gets the number of elements that were read so far.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Gets or initializes a function that reads an error next to a list that is null. With such a function and no such error, a null list
    /// is an empty one, as servers in Go write it. Without the function, a null list is an invalid response, as a missing list always is.
    /// </summary>
    internal Func<JsonElement, VendorError>? ErrorBesideNull { get; init; }

    /// <summary>Gets whether the list was null.</summary>
    public bool IsNull { get; private set; }

    /// <summary>Reads the next elements and converts each of them before the next one is read.</summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <param name="convert">Converts an element.</param>
    /// <param name="unreadable">Creates the result for an element that isn't a record; null to fail at such an element.</param>
    /// <param name="results">Receives the results.</param>
    /// <param name="failure">The failure that comes after the results; null for none.</param>
    /// <returns>The number of results. If there is no failure, fewer than requested mean that the whole response has been read.</returns>
    internal int Read<TResult>(
        Func<TItem, TResult> convert, Func<TResult>? unreadable, Span<TResult> results, out ExceptionDispatchInfo? failure)
    {
        _returnsUnreadable = unreadable is not null;
        failure = null;
        var count = 0;
        var input = new JsonInput(_body.Span[_position..], _keepsUnknown, _state, _spares);
        try
        {
            while (count < results.Length && ReadNext(ref input))
            {
                results[count] = _isUnreadable ? unreadable!() : convert(_current);
                count++;
            }

            _position += input.Position;
            _state = input.State;
        }
        catch (JsonException exception)
        {
            failure = ExceptionDispatchInfo.Capture(TypedClient.Unreadable(_response, exception));
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }

        return count;
    }

    /// <summary>
    /// Creates the exception for a successful response without the expected list. It contains the body, in case that is an error in the
    /// vendor's form.
    /// </summary>
    public ApiException WithoutList()
        => ApiException.WithoutList(_listMember,
            ErrorResponse.TextOf(
                _response, _body, _response.RequestMessage is { } request ? SecretRedactor.Of(request) : new SecretRedactor([])));

    /// <inheritdoc />
    public void Dispose()
    {
        _body.Dispose();
        _response.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a member next to the list.</summary>
    private protected virtual void ReadMember(ref JsonInput input, ReadOnlySpan<byte> name) => input.Skip();

    private bool ReadNext(ref JsonInput input) => _isInList ? ReadElement(ref input) : ReadUpToList(ref input);

    private bool ReadUpToList(ref JsonInput input)
    {
        input.Read();
        if (_listMember is null)
        {
            if (input.TokenType != JsonTokenType.StartArray)
                throw WithoutList();
            _isInList = _isListFound = true;
            return ReadElement(ref input);
        }

        input.Require(JsonTokenType.StartObject);
        return ReadMembers(ref input);
    }

    private bool ReadMembers(ref JsonInput input)
    {
        while (input.NextMember(out var name))
        {
            if (!System.Text.Ascii.Equals(name, _listMember))
                ReadMember(ref input, name);
            else if (input.TokenType == JsonTokenType.StartArray)
                return (_isInList = _isListFound = true) && ReadElement(ref input);
            else if (input.TokenType == JsonTokenType.Null && ErrorBesideNull is not null)
                IsNull = _isListFound = true;
            else
                throw WithoutList();
        }

        input.RequireEnd();
        if (!_isListFound || (IsNull && VendorError.OfSuccess(WithoutList(), ErrorBesideNull!) is not { Code: null, Message: null }))
            throw WithoutList();
        return false;
    }

    private bool ReadElement(ref JsonInput input)
    {
        while (input.Read())
        {
            switch (input.TokenType)
            {
                case JsonTokenType.StartObject:
                    if (_spares is null)
                    {
                        _current = TItem.Create();
                    }
                    else
                    {
                        _spares.Reclaim();
                        _current.Reset();
                    }

                    _current.ReadMembers(ref input);
                    Count++;
                    _isUnreadable = false;
                    return true;
                case JsonTokenType.Null when !_returnsUnreadable:
                    Count++;
                    break;
                case JsonTokenType.EndArray:
                    _isInList = false;
                    if (_listMember is not null)
                        return ReadMembers(ref input);
                    input.RequireEnd();
                    return false;
                default:
                    if (_returnsUnreadable)
                    {
                        input.Skip();
                        Count++;
                        return _isUnreadable = true;
                    }

                    throw ApiException.Unreadable($"Element {Count} of the list is neither an object nor null.");
            }
        }

        return false;
    }
}

/// <summary>Represents a response with a list in one member, and other members next to it.</summary>
/// <typeparam name="TEnvelope">The type of the response's model.</typeparam>
/// <typeparam name="TItem">The type of an element's model.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class JsonPage<TEnvelope, TItem> : JsonPage<TItem>
    where TEnvelope : class, IJsonModel<TEnvelope>
    where TItem : class, IJsonModel<TItem>
{
    internal JsonPage(HttpResponseMessage response, ResponseBody body, string listMember, bool keepsUnknown)
        : base(response, body, listMember, keepsUnknown)
    {
    }

    /// <summary>
    /// Gets the members next to the list that were read so far. It contains all of them when the list was read to its end.
    /// </summary>
    public TEnvelope Envelope { get; } = TEnvelope.Create();

    private protected override void ReadMember(ref JsonInput input, ReadOnlySpan<byte> name) => Envelope.ReadMember(ref input, name);
}
