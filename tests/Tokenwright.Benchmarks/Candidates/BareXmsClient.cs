using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>
/// The baseline: the client that a developer would write by hand for this one service, with the framework alone. It reads bodies
/// asynchronously into a pooled buffer and parses them there. It has no retries, error texts or timeouts of its own.
/// </summary>
internal sealed class BareXmsClient(HttpClient http)
{
    private const int PageSize = 1000;

    public async Task<List<BareToken>> ListAsync()
    {
        var tokens = new List<BareToken>(PageSize);
        long total;
        do
        {
            total = await ReadPageAsync(tokens.Count, tokens).ConfigureAwait(false);
            tokens.EnsureCapacity((int)total);
        }
        while (tokens.Count < total);
        return tokens;
    }

    public async IAsyncEnumerable<BareToken> StreamAsync()
    {
        var page = new List<BareToken>(PageSize);
        var read = 0;
        long total;
        do
        {
            page.Clear();
            total = await ReadPageAsync(read, page).ConfigureAwait(false);
            read += page.Count;
            foreach (var token in page)
                yield return token;
        }
        while (read < total);
    }

    public async Task<BareToken> GetAsync(long id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"access-tokens/{id}"));
        using var body = await SendAsync(request).ConfigureAwait(false);
        return ReadSingle(body.Span);
    }

    public async Task<BareToken> CreateAsync(string name, string description, IEnumerable<string> roles)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("access_token"u8);
            writer.WriteString("name"u8, name);
            writer.WriteStartArray("roles"u8);
            foreach (var role in roles)
                writer.WriteStringValue(role);
            writer.WriteEndArray();
            writer.WriteString("description"u8, description);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        using var request =
            new HttpRequestMessage(HttpMethod.Post, "access-tokens/") { Content = new ReadOnlyMemoryContent(buffer.WrittenMemory) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var body = await SendAsync(request).ConfigureAwait(false);
        return ReadSingle(body.Span);
    }

    private async Task<long> ReadPageAsync(int offset, List<BareToken> tokens)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"access-tokens/?limit={PageSize}&offset={offset}&all=true"));
        using var body = await SendAsync(request).ConfigureAwait(false);
        return ReadPage(body.Span, tokens);
    }

    private async Task<Body> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent((int)(response.Content.Headers.ContentLength + 1 ?? 16 * 1024));
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length)).ConfigureAwait(false);
            if (read == 0)
                return new Body(buffer, length);
            length += read;
            if (length < buffer.Length)
                continue;
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }

    private static long ReadPage(ReadOnlySpan<byte> json, List<BareToken> tokens)
    {
        var total = 0L;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("access_tokens"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    tokens.Add(ReadToken(ref reader));
            }
            else if (reader.ValueTextEquals("paging"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var isTotal = reader.ValueTextEquals("total_count"u8);
                    reader.Read();
                    if (isTotal)
                        total = reader.GetInt64();
                    else
                        reader.Skip();
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return total;
    }

    private static BareToken ReadSingle(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isToken = reader.ValueTextEquals("access_token"u8);
            reader.Read();
            if (isToken)
                return ReadToken(ref reader);
            reader.Skip();
        }

        throw new JsonException("The response has no access_token.");
    }

    private static BareToken ReadToken(ref Utf8JsonReader reader)
    {
        long id = 0;
        string? name = null;
        string? description = null;
        List<string>? roles = null;
        long? ownerId = null;
        string? ownerName = null;
        DateTimeOffset? created = null;
        DateTimeOffset? updated = null;
        var used = false;
        string? secret = null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                name = reader.GetString();
            }
            else if (reader.ValueTextEquals("description"u8))
            {
                reader.Read();
                description = reader.GetString();
            }
            else if (reader.ValueTextEquals("roles"u8))
            {
                reader.Read();
                roles = ReadTexts(ref reader);
            }
            else if (reader.ValueTextEquals("user"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    if (reader.ValueTextEquals("id"u8))
                    {
                        reader.Read();
                        ownerId = reader.GetInt64();
                    }
                    else if (reader.ValueTextEquals("name"u8))
                    {
                        reader.Read();
                        ownerName = reader.GetString();
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
            else if (reader.ValueTextEquals("used"u8))
            {
                reader.Read();
                used = reader.GetBoolean();
            }
            else if (reader.ValueTextEquals("create"u8))
            {
                reader.Read();
                created = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("update"u8))
            {
                reader.Read();
                updated = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("uuid"u8))
            {
                reader.Read();
                secret = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return new BareToken(id, name, description, roles, ownerId, ownerName, created, updated, used, secret);
    }

    private static List<string>? ReadTexts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(reader.GetString()!);
        return texts;
    }

    private readonly struct Body(byte[] buffer, int length) : IDisposable
    {
        public ReadOnlySpan<byte> Span => buffer.AsSpan(0, length);

        public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
    }
}
