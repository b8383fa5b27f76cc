using System.Globalization;
using System.Text;
using CsCheck;
using Newtonsoft.Json;
using Tokenwright.Adapters;
using Tokenwright.Generated;
using Tokenwright.SailPoint.Api;
using Tokenwright.Xms.Api;

namespace Tokenwright.UnitTests.Properties;

internal sealed class TimeProperties
{
    // Years in which no offset leads out of the calendar.
    private static readonly Gen<DateTimeOffset> Instant =
        Gen.Long[new DateTime(2, 1, 1).Ticks, new DateTime(9998, 12, 31).Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<TimeSpan> Offset = Gen.Int[-14 * 60, 14 * 60].Select(minutes => TimeSpan.FromMinutes(minutes));

    // The forms that vendors send, and those that their documents show. See the specs' PROVENANCE.md.
    private static readonly (string Name, TimeSpan Precision, Func<DateTimeOffset, TimeSpan, string> Write)[] Forms =
    [
        ("RFC 3339 to the second", TimeSpan.FromSeconds(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm:ss'Z'")),
        ("RFC 3339 to the millisecond", TimeSpan.FromMilliseconds(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'")),
        ("SailPoint: microseconds", TimeSpan.FromMicroseconds(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'")),
        ("XMS: nanoseconds and an offset", TimeSpan.FromTicks(1),
            (time, offset) => Text(time.ToOffset(offset), "yyyy-MM-dd'T'HH:mm:ss.fffffff'42'zzz")),
        ("an offset with a colon", TimeSpan.FromMilliseconds(1),
            (time, offset) => Text(time.ToOffset(offset), "yyyy-MM-dd'T'HH:mm:ss.fffzzz")),
        ("ExtremeCloud IQ: an offset without a colon", TimeSpan.FromMilliseconds(1),
            (time, offset) => Text(time.ToOffset(offset), "yyyy-MM-dd'T'HH:mm:ss.fffzzz").Remove(26, 1)),
        ("an offset in hours", TimeSpan.FromSeconds(1),
            (time, offset) => Text(time.ToOffset(TimeSpan.FromHours(offset.Hours)), "yyyy-MM-dd'T'HH:mm:sszz")),
        ("SailPoint: no seconds", TimeSpan.FromMinutes(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm'Z'")),
        ("SailPoint: no zone", TimeSpan.FromSeconds(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm:ss")),
        ("neither seconds nor zone", TimeSpan.FromMinutes(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm")),
        ("a blank in place of T", TimeSpan.FromSeconds(1), (time, _) => Text(time, "yyyy-MM-dd HH:mm:ss'Z'")),
        ("small letters", TimeSpan.FromSeconds(1), (time, _) => Text(time, "yyyy-MM-dd't'HH:mm:ss'z'")),
        ("a comma before the fraction", TimeSpan.FromTicks(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm:ss,fffffff'Z'")),
        ("fimidara: a date alone", TimeSpan.FromDays(1), (time, _) => Text(time, "yyyy-MM-dd")),
        ("Java: a zone's name behind Z", TimeSpan.FromMilliseconds(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z[UTC]'")),
        ("Java: a zone's name behind the offset", TimeSpan.FromSeconds(1),
            (time, offset) => Text(time.ToOffset(offset), "yyyy-MM-dd'T'HH:mm:sszzz'[Europe/Berlin]'")),
        ("SailPoint: UTC", TimeSpan.FromMilliseconds(1), (time, _) => Text(time, "yyyy-MM-dd'T'HH:mm:ss.fff 'UTC'")),
        ("GMT", TimeSpan.FromSeconds(1), (time, _) => Text(time, "yyyy-MM-dd HH:mm:ss 'GMT'")),
        ("Go: an offset and a zone's letters", TimeSpan.FromTicks(1),
            (time, offset) => Text(time.ToOffset(offset), "yyyy-MM-dd HH:mm:ss.fffffff zzz").Remove(31, 1) + " CEST"),
        ("HTTP", TimeSpan.FromSeconds(1), (time, _) => Text(time, "r")),
        ("blanks around it", TimeSpan.FromSeconds(1), (time, _) => $" {Text(time, "yyyy-MM-dd'T'HH:mm:ss'Z'")}\t"),
    ];

    private static readonly Gen<(string Name, TimeSpan Precision, Func<DateTimeOffset, TimeSpan, string> Write)> Form = Gen.OneOf(Forms);

    // The size of a number shows which of the two it is. Milliseconds before 1973 look like seconds.
    private static readonly Gen<long> Seconds = Gen.Long[-62_000_000_000, 100_000_000_000];
    private static readonly Gen<long> Milliseconds =
        Gen.OneOf(Gen.Long[100_000_000_001, 253_402_300_799_999], Gen.Long[-62_135_596_800_000, -100_000_000_001]);

    private static readonly Gen<string> Garbage = Gen.OneOf(
        Texts.All,
        Texts.Damaged(Gen.Select(Form, Instant, Offset, (form, time, offset) => form.Write(time, offset))),
        Gen.Select(Form, Instant, Offset, Gen.OneOf('٠', '०', '０'),
            (form, time, offset, zero) => InOtherDigits(form.Write(time, offset), zero)),
        Gen.Select(Gen.Int[0, 99].Array[7], parts => string.Create(CultureInfo.InvariantCulture,
            $"{parts[0] * 100:d4}-{parts[1]:d2}-{parts[2]:d2}T{parts[3]:d2}:{parts[4]:d2}:{parts[5]:d2}+{parts[6]:d2}:{parts[0]:d2}")),
        Gen.Char['0', '9'].Array[1, 40].Select(digits => new string(digits)));

    [Test]
    public void A_time_in_any_form_is_read_as_the_same_instant_to_the_forms_precision()
        => Gen.Select(Form, Instant, Offset).Sample(
            (form, time, offset) => VendorTime.TryParse(form.Write(time, offset), out var read)
                && read == Cut(time, form.Precision) && read.Offset == TimeSpan.Zero,
            iter: 10_000);

    [Test]
    public void The_models_of_typed_clients_read_times_in_any_form()
        => Gen.Select(Form, Instant, Offset).Sample(
            (form, time, offset) =>
            {
                var expected = Cut(time, form.Precision);
                var json = JsonConvert.ToString(form.Write(time, offset));
                return Xms(json).Create == expected && SailPoint(json).Created == expected;
            },
            iter: 2000);

    [Test]
    public void Numbers_are_read_as_seconds_or_milliseconds_in_texts_and_numbers()
        => Gen.OneOf(Seconds.Select(number => (Number: number, Expected: DateTimeOffset.FromUnixTimeSeconds(number))),
            Milliseconds.Select(number => (Number: number, Expected: DateTimeOffset.FromUnixTimeMilliseconds(number))))
            .Sample(
                sample =>
                {
                    var text = sample.Number.ToString(CultureInfo.InvariantCulture);
                    return VendorTime.FromEpoch(sample.Number) == sample.Expected
                        && VendorTime.TryParse(text, out var read) && read == sample.Expected
                        && Xms(text).Create == sample.Expected
                        && SailPoint($"\"{text}\"").Created == sample.Expected;
                },
                iter: 3000);

    // In every unit, with and without a fraction and an exponent.
    [Test]
    public void Numbers_of_any_unit_are_read_as_the_same_instant()
        => Gen.Select(Gen.Long[new DateTime(1980, 1, 1).Ticks, new DateTime(2199, 12, 31).Ticks],
            Gen.OneOf(10_000_000m, 10_000m, 10m, 0.01m), Gen.Int[0, 2]).Sample(
            (ticks, ticksPerUnit, form) =>
            {
                var expected = new DateTimeOffset(ticks, TimeSpan.Zero);
                var number = (ticks - DateTime.UnixEpoch.Ticks) / ticksPerUnit;
                var text = form switch
                {
                    0 => number.ToString(CultureInfo.InvariantCulture),
                    1 => number.ToString("E27", CultureInfo.InvariantCulture),
                    _ => number.ToString("0.0000000", CultureInfo.InvariantCulture),
                };
                return VendorTime.TryParse(text, out var read) && read == expected
                    && Xms(text).Create == expected && SailPoint($"\"{text}\"").Created == expected;
            },
            iter: 5000);

    [Test]
    public void Any_number_is_a_time_or_none()
        => Gen.Long.Sample(
            number => (VendorTime.FromEpoch(number) is null) == !VendorTime.TryParse(number.ToString(CultureInfo.InvariantCulture), out _)
                && (VendorTime.FromEpochMilliseconds(number) is not { } time || time.ToUnixTimeMilliseconds() == number),
            iter: 5000);

    [Test]
    public void Any_other_value_is_no_time_and_its_raw_form_is_kept()
        => Garbage.Sample(
            text =>
            {
                var isTime = VendorTime.TryParse(text, out var time);
                var model = Xms(JsonConvert.ToString(text));
                return isTime
                    ? time.Offset == TimeSpan.Zero && model.Create == time && !model.AdditionalProperties.ContainsKey("create")
                    : model.Create is null && ((RawJson)model.AdditionalProperties["create"])
                        .AsString() == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            },
            iter: 20_000);

    [Test]
    public void An_empty_text_is_no_time()
    {
        Assert.That(new[] { "", " ", "\t\n", null }.Select(text => VendorTime.TryParse(text, out _)), Has.All.False);
        Assert.That((Xms("\"\"").Create, Xms("null").Create, SailPoint("\"\"").Created),
            Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null, (DateTimeOffset?)null)));
    }

    private static AccessToken Xms(string json) => VendorJson.Read<AccessToken>(Encoding.UTF8.GetBytes($$"""{"create":{{json}}}"""))!;

    private static GetPersonalAccessTokenResponse SailPoint(string json)
        => VendorJson.Read<GetPersonalAccessTokenResponse>(Encoding.UTF8.GetBytes($$"""{"created":{{json}}}"""))!;

    private static DateTimeOffset Cut(DateTimeOffset time, TimeSpan precision) => time.AddTicks(-(time.Ticks % precision.Ticks));

    private static string Text(DateTimeOffset time, string form) => time.ToString(form, CultureInfo.InvariantCulture);

    private static string InOtherDigits(string text, char zero)
        => string.Concat(text.Select(character => char.IsAsciiDigit(character) ? (char)(zero + character - '0') : character));
}
