using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// Creates records of access tokens as an XMS could send them. The same seed gives the same records. They have the members of the spec, and
/// eight unknown ones, as from a newer server.
/// </summary>
internal sealed class TokenRecords
{
    private static readonly string[] Roles =
        ["admin", "observer", "operator", "auditor", "backup-operator", "block-admin", "file-admin", "object-admin", "cluster-admin",
            "support"];

    private static readonly string[] Words =
        ["backup", "build", "ceph", "ci", "cluster", "deploy", "export", "grafana", "inventory", "jenkins", "metrics", "nightly", "prod",
            "replica", "report", "staging", "storage", "sync", "zabbix"];

    private static readonly string[] FirstNames = ["anna", "bo", "chen", "dmitri", "emeka", "fatima", "goran", "hana", "ines", "jun"];

    private static readonly string[] LastNames = ["okafor", "lindqvist", "wang", "petrov", "marino"];

    private static readonly DateTimeOffset Epoch = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(20_261_125);
    private long _id = 1000;

    /// <summary>Writes a page of new records, with the other members of the vendor's response.</summary>
    public byte[] Page(int count, int limit, int offset, int total) => Render(writer =>
    {
        writer.WriteStartArray("access_tokens");
        for (var i = 0; i < count; i++)
            WriteRecord(writer, secret: null);
        writer.WriteEndArray();
        writer.WriteStartObject("paging");
        writer.WriteNumber("count", count);
        writer.WriteNumber("limit", limit);
        writer.WriteNumber("offset", offset);
        writer.WriteNumber("total_count", total);
        writer.WriteEndObject();
    });

    /// <summary>Writes one new record, with its secret if there is one.</summary>
    public byte[] Single(string? secret) => Render(writer =>
    {
        writer.WritePropertyName("access_token");
        WriteRecord(writer, secret);
    });

    private static byte[] Render(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void WriteRecord(Utf8JsonWriter writer, string? secret)
    {
        _id += _random.Next(1, 4);
        var owner = _random.Next(50);
        var created = Epoch.AddTicks(_random.NextInt64(TimeSpan.FromDays(1800).Ticks) / 10 * 10);
        var updated = created.AddTicks(_random.NextInt64(TimeSpan.FromDays(100).Ticks) / 10 * 10);

        writer.WriteStartObject();
        writer.WriteNumber("id", _id);
        writer.WriteString("cluster_uuid", Hex(32));
        writer.WriteString("name", Name());
        writer.WriteString("description", Description());
        writer.WriteString("status", _random.Next(20) == 0 ? "idle" : "active");
        writer.WriteNumber("request_count", _random.Next(2_000_000));
        writer.WriteStartArray("roles");
        foreach (var role in _random.GetItems(Roles, _random.Next(1, 4)))
            writer.WriteStringValue(role);
        writer.WriteEndArray();
        writer.WriteStartObject("user");
        writer.WriteNumber("id", owner + 1);
        writer.WriteString("name", $"{FirstNames[owner % 10]}.{LastNames[owner / 10]}");
        writer.WriteEndObject();
        writer.WriteStartObject("quota");
        writer.WriteNumber("calls_per_minute", _random.Next(1, 20) * 60);
        writer.WriteBoolean("burst", _random.Next(2) == 0);
        writer.WriteEndObject();
        writer.WriteStartArray("networks");
        writer.WriteStringValue(Address("0/24"));
        writer.WriteStringValue(Address("128/25"));
        writer.WriteEndArray();
        writer.WriteBoolean("used", _random.Next(3) != 0);
        writer.WriteNumber("error_rate", Math.Round(_random.NextDouble(), 4));
        writer.WriteString("last_address", Address(_random.Next(1, 255).ToString(CultureInfo.InvariantCulture)));
        writer.WriteString("create", Time(created));
        writer.WriteString("update", Time(updated));
        writer.WriteNumber("revision", _random.Next(1, 40));
        if (secret is not null)
            writer.WriteString("uuid", secret);
        writer.WriteEndObject();
    }

    // With microseconds, as in recorded responses of other calls.
    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // 10 to 40 characters.
    private string Name()
    {
        var length = _random.Next(10, 41);
        var name = Word();
        while (name.Length < length)
            name += $"-{Word()}";
        return name[..length].TrimEnd('-').PadRight(10, '0');
    }

    private string Description()
        => _random.Next(4) switch
        {
            0 => string.Empty,
            1 => $"Used by {Word()} on {Word()} since {_random.Next(2021, 2027)}; ask the {Word()} team before it is removed.",
            _ => $"{Word()} for {Word()}",
        };

    private string Word() => Words[_random.Next(Words.Length)];

    private string Address(string end) => string.Create(CultureInfo.InvariantCulture, $"10.{_random.Next(256)}.{_random.Next(256)}.{end}");

    private string Hex(int length) => _random.GetHexString(length, lowercase: true);
}
