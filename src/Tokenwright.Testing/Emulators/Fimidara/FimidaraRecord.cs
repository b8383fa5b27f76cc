using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>What fimidara keeps of a token beyond what all vendors have.</summary>
internal sealed class FimidaraRecord
{
    public const double DefaultRefreshDuration = 2592000000;

    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    public bool? ShouldRefresh { get; set; }

    public double RefreshDuration { get; set; } = DefaultRefreshDuration;

    /// <summary>Gets or sets an expiry that no <see cref="DateTimeOffset"/> can hold: the vendor's calendar is longer.</summary>
    public long? FarExpiry { get; set; }

    public JsonObject? CreatedBy { get; set; }

    public JsonObject? UpdatedBy { get; set; }

    public JsonArray Groups { get; set; } = [];

    public JsonArray Tags { get; set; } = [];

    /// <summary>Remembers which of these members were sent, null or not.</summary>
    public void Keep(FimidaraInput input, params string[] names) => _given.UnionWith(names.Where(input.Has));

    /// <summary>Shows a member: one that was never set is absent; one that was set to null is null.</summary>
    public void Show(JsonObject shown, string name, JsonNode? value)
    {
        if (value is not null || _given.Contains(name))
            shown[name] = value;
    }
}
