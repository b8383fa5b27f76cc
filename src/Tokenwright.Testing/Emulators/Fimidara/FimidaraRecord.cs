using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Represents what fimidara stores for a token in addition to the common properties.</summary>
internal sealed class FimidaraRecord
{
    public const double DefaultRefreshDuration = 2592000000;

    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    public bool? ShouldRefresh { get; set; }

    public double RefreshDuration { get; set; } = DefaultRefreshDuration;

    /// <summary>Gets or sets an expiry outside the range of <see cref="DateTimeOffset"/>, because the vendor's range is larger.</summary>
    public long? FarExpiry { get; set; }

    public JsonObject? CreatedBy { get; set; }

    public JsonObject? UpdatedBy { get; set; }

    public JsonArray Groups { get; set; } = [];

    public JsonArray Tags { get; set; } = [];

    /// <summary>Records which of the given members were sent, even with the value null.</summary>
    public void Keep(FimidaraInput input, params string[] names) => _given.UnionWith(names.Where(input.Has));

    /// <summary>Shows a member. It is absent if it was never set, and null if it was set to null.</summary>
    public void Show(JsonObject shown, string name, JsonNode? value)
    {
        if (value is not null || _given.Contains(name))
            shown[name] = value;
    }
}
