using System.Reflection;
using System.Text;
using System.Text.Json;
using CsCheck;
using Newtonsoft.Json;
using Tokenwright.ContractTests.SpecOperations;
using Tokenwright.Fimidara.Api;
using Tokenwright.Generated;
using Tokenwright.SpecTests.Spec;
using Tokenwright.Xms.Api;
using JsonException = System.Text.Json.JsonException;

namespace Tokenwright.ContractTests.Readers;

/// <summary>Compares the generated readers and writers with Newtonsoft.Json, which reads the same models by their attributes.</summary>
internal sealed class ReaderDifferentialTests
{
    private const int DocumentsOfModel = 150;

    // As models are sent: without null members, and with times to the millisecond.
    private static readonly JsonSerializerSettings Writing = NewtonsoftReading.Configure(new JsonSerializerSettings());

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 200 };

    private static readonly MethodInfo CheckOf =
        typeof(ReaderDifferentialTests).GetMethod(nameof(Check), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly IReadOnlyList<Type> Models =
        [.. Vendors.Names.SelectMany(vendor => TypedOperation.ClientOf(vendor).Assembly.GetExportedTypes()).Where(NewtonsoftReading.IsModel)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)];

    [Test]
    public void There_are_models_to_compare() => Assert.That(Models, Has.Count.GreaterThan(80));

    [TestCaseSource(nameof(Models))]
    public void A_model_is_read_and_written_as_Newtonsoft_does(Type model)
        => CheckOf.MakeGenericMethod(model).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [], null);

    // The intended differences. The random documents contain none of these.
    [Test]
    public void Difference_a_number_read_as_text_keeps_its_form()
        => Assert.That((Read<AccessToken>("""{"name":1.50e3}""").Name, Oracle<AccessToken>("""{"name":1.50e3}""").Name),
            Is.EqualTo(("1.50e3", "1500")));

    [Test]
    public void Difference_a_number_out_of_range_affects_only_its_member()
    {
        var read = Read<AccessToken>("""{"id":1e400,"name":"n","more":-1e999}""");

        Assert.That((read.Id, read.Name, read.AdditionalProperties["id"].ToString(), read.AdditionalProperties["more"].ToString()),
            Is.EqualTo(((long?)null, "n", "1e400", "-1e999")));
        Assert.That(() => Oracle<AccessToken>("""{"id":1e400,"name":"n"}"""), Throws.InstanceOf<Newtonsoft.Json.JsonException>());
    }

    [Test]
    public void Difference_a_Boolean_is_not_a_number()
    {
        var read = Read<AccessToken>("""{"id":true}""");

        Assert.That((read.Id, read.AdditionalProperties["id"].ToString()), Is.EqualTo(((long?)null, "true")));
        Assert.That(Oracle<AccessToken>("""{"id":true}""").Id, Is.EqualTo(1));
    }

    // Newtonsoft.Json reads an empty string as null. The reference of the random documents is configured not to.
    [Test]
    public void Difference_an_empty_string_is_not_null_for_a_number_Boolean_or_list_and_is_kept()
    {
        const string json = """{"id":"","used":"","roles":"","create":"","name":""}""";
        var read = Read<AccessToken>(json);

        Assert.That((read.Id, read.Used, read.Roles, read.Create, read.Name),
            Is.EqualTo(((long?)null, (bool?)null, (ICollection<string>?)null, (DateTimeOffset?)null, "")));
        Assert.That(read.AdditionalProperties.Keys, Is.EqualTo(new[] { "id", "used", "roles", "create" }));
        Assert.That((JsonConvert.DeserializeObject<AccessToken>("""{"id":"","used":""}""")!.Id,
            Oracle<AccessToken>(json).AdditionalProperties.Count), Is.EqualTo(((long?)null, 4)));
    }

    [Test]
    public void Difference_infinity_and_NaN_are_no_numbers()
    {
        var read = Read<AssignedPermissionGroup>("""{"order":"NaN"}""");

        Assert.That((read.Order, read.AdditionalProperties["order"].ToString()), Is.EqualTo(((double?)null, "\"NaN\"")));
        Assert.That(Oracle<AssignedPermissionGroup>("""{"order":"NaN"}""").Order, Is.NaN);
    }

    [Test]
    public void Difference_a_lone_surrogate_is_no_string_and_its_raw_form_is_kept()
    {
        var read = Read<AccessToken>("""{"name":"\ud800"}""");

        Assert.That((read.Name, read.AdditionalProperties["name"].ToString()), Is.EqualTo(((string?)null, "\"\\ud800\"")));
        Assert.That(Oracle<AccessToken>("""{"name":"\ud800"}""").Name, Is.EqualTo("\ufffd"));
    }

    [TestCase("""{"name":"n",}""")]
    [TestCase("""{'name':'n'}""")]
    [TestCase("""{name:"n"}""")]
    [TestCase("""{/* c */"name":"n"}""")]
    [TestCase("""{"id":0x10}""")]
    [TestCase("""{"id":010}""")]
    [TestCase("{\"name\":\"a\tb\"}")]
    public void Difference_invalid_JSON_is_refused(string json)
    {
        Assert.That(() => Read<AccessToken>(json), Throws.InstanceOf<JsonException>());
        Assert.That(() => Oracle<AccessToken>(json), Throws.Nothing);
    }

    [Test]
    public void Difference_an_unreadable_value_of_a_duplicate_member_is_kept()
    {
        var read = Read<AccessToken>("""{"id":"x","id":7}""");

        Assert.That((read.Id, read.AdditionalProperties.Count), Is.EqualTo((7L, 1)));
        Assert.That((Oracle<AccessToken>("""{"id":"x","id":7}""").Id,
            Oracle<AccessToken>("""{"id":"x","id":7}""").AdditionalProperties.Count), Is.EqualTo((7L, 0)));
    }

    [Test]
    public void Difference_whole_numbers_are_written_without_a_fraction_for_any_member()
    {
        var model = new AssignedPermissionGroup { Order = 1 };

        Assert.That((Encoding.UTF8.GetString(VendorJson.Write(model)), JsonConvert.SerializeObject(model, Writing)),
            Is.EqualTo(("""{"order":1}""", """{"order":1.0}""")));
    }

    private static T Read<T>(string json)
        where T : class, IJsonModel<T>
        => VendorJson.Read<T>(Encoding.UTF8.GetBytes(json))!;

    private static T Oracle<T>(string json) => JsonConvert.DeserializeObject<T>(json, NewtonsoftReading.Settings)!;

    private static void Check<T>()
        where T : class, IJsonModel<T>
        => Documents.Of(typeof(T)).Sample(
            json =>
            {
                var read = Read<T>(json);
                var expected = Oracle<T>(json);
                RequireSame("read", json, JsonConvert.SerializeObject(read), JsonConvert.SerializeObject(expected));
                RequireSame(
                    "written", json, Encoding.UTF8.GetString(VendorJson.Write(expected)), JsonConvert.SerializeObject(expected, Writing));
                RequireSame(
                    "read and written", json, Encoding.UTF8.GetString(VendorJson.Write(read)), JsonConvert.SerializeObject(read, Writing));
                Assert.That(VendorJson.UnknownFields(read).Keys, Is.EquivalentTo(VendorJson.UnknownFields(expected).Keys));
            },
            iter: DocumentsOfModel);

    private static void RequireSame(string what, string json, string actual, string expected)
    {
        using var ours = JsonDocument.Parse(actual, Deep);
        using var theirs = JsonDocument.Parse(expected, Deep);
        if (!JsonElement.DeepEquals(ours.RootElement, theirs.RootElement))
            Assert.Fail($"{what}: {actual}{Environment.NewLine}expected: {expected}{Environment.NewLine}document: {json}");
    }
}
