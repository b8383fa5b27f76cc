using System.ComponentModel;
using Microsoft.Extensions.Options;
using Tokenwright.SailPoint;

namespace Tokenwright.UnitTests;

internal sealed class ConnectionOptionsTests
{
    [TestCase("https://tenant.example/api")]
    [TestCase("http://127.0.0.1:8080/")]
    [TestCase("http://localhost:8080/")]
    [TestCase("http://[::1]:8080/")]
    public void Safe_addresses_are_accepted(string address)
        => Assert.That(Problems(options => options.BaseAddress = new Uri(address)), Is.Empty);

    [TestCase("http://tenant.example/", "unencrypted")]
    [TestCase("http://127.0.0.1.tenant.example/", "unencrypted")]
    [TestCase("ftp://tenant.example/", "unencrypted")]
    [TestCase("https://user:pass@tenant.example/", "user, query or fragment")]
    [TestCase("https://tenant.example/?a=b", "user, query or fragment")]
    public void Unsafe_addresses_are_refused_without_showing_what_is_in_them(string address, string why)
        => Assert.That(
            Problems(options => options.BaseAddress = new Uri(address)).Single(),
            Does.Contain(why).And.Contain("BaseAddress").And.Not.Contain("pass@"));

    [Test]
    public void Relative_and_missing_addresses_are_refused()
    {
        Assert.That(Problems(options => options.BaseAddress = new Uri("tenant", UriKind.Relative)).Single(),
            Does.Contain("not an absolute address"));
        Assert.That(Problems(options => options.BaseAddress = null).Single(), Does.Contain("missing"));
    }

    [Test]
    public void All_problems_are_listed_together()
    {
        var options = new SailPointOptions
            { AttemptTimeout = TimeSpan.Zero, TotalTimeout = TimeSpan.FromSeconds(-1), MaxResponseBytes = 0, ApiVersion = "../v3" };

        var exception = Assert.Throws<OptionsValidationException>(() => _ = new SailPointTokenClient("prod", options))!;

        Assert.That(exception.Failures.ToList(), Has.Count.EqualTo(9).And.All.StartsWith("SailPoint connection 'prod': "));
        foreach (var member in new[] { "BaseAddress", "AttemptTimeout:", "TotalTimeout:", "TotalTimeout", "RetryDelay", "MaxResponseBytes:",
            "ClientId", "ClientSecret", "ApiVersion" })
            Assert.That(exception.Failures, Has.One.StartsWith($"SailPoint connection 'prod': {member} "));
    }

    [Test]
    public void The_per_service_form_is_a_version()
        => Assert.That(Problems(options => options.ApiVersion = "v1"), Is.Empty);

    [TestCase(nameof(SailPointOptions.AttemptTimeout), "00:00:00")]
    [TestCase(nameof(SailPointOptions.AttemptTimeout), "1.00:00:01")]
    [TestCase(nameof(SailPointOptions.TotalTimeout), "1.00:00:01")]
    [TestCase(nameof(SailPointOptions.RetryDelay), "-00:00:01")]
    [TestCase(nameof(SailPointOptions.CallWindow), "00:00:00")]
    [TestCase(nameof(SailPointOptions.MaxRetryAfter), "00:00:00")]
    [TestCase(nameof(SailPointOptions.MaxRetryAfter), "1.00:00:01")]
    [TestCase(nameof(SailPointOptions.MaxConnections), "0")]
    [TestCase(nameof(SailPointOptions.MaxConnections), "10001")]
    [TestCase(nameof(SailPointOptions.MaxRetries), "-1")]
    [TestCase(nameof(SailPointOptions.MaxRetries), "11")]
    [TestCase(nameof(SailPointOptions.CallsPerWindow), "0")]
    [TestCase(nameof(SailPointOptions.MaxResponseBytes), "0")]
    public void A_member_beyond_its_range_is_refused_with_the_range(string member, string value)
    {
        var property = typeof(SailPointOptions).GetProperty(member)!;
        var converted = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value);

        Assert.That(Problems(options => property.SetValue(options, converted)), Has.Some.Matches($"{member} must be between .+ and .+\\."));
    }

    [Test]
    public void Times_that_contradict_each_other_are_refused()
    {
        Assert.That(Problems(options => options.TotalTimeout = TimeSpan.FromSeconds(9)).Single(),
            Does.Contain("TotalTimeout (00:00:09)").And.Contain("AttemptTimeout (00:00:10)"));
        Assert.That(Problems(options => options.RetryDelay = TimeSpan.FromSeconds(30)).Single(),
            Does.Contain("RetryDelay (00:00:30)").And.Contain("MaxRetries to 0"));
        Assert.That(Problems(options => (options.RetryDelay, options.MaxRetries) = (TimeSpan.FromSeconds(30), 0)), Is.Empty);
    }

    private static IReadOnlyList<string> Problems(Action<SailPointOptions> change)
    {
        var options = new SailPointOptions
            { BaseAddress = new Uri("https://tenant.example"), ClientId = "id", ClientSecret = new TokenSecret("secret") };
        change(options);
        try
        {
            using var client = new SailPointTokenClient("prod", options);
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
