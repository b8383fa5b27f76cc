using Microsoft.Extensions.Options;
using Tokenwright.SailPoint;

namespace Tokenwright.UnitTests;

internal sealed class ConnectionOptionsTests
{
    [TestCase("https://tenant.example/api")]
    [TestCase("http://127.0.0.1:8080/")]
    [TestCase("http://localhost:8080/")]
    [TestCase("http://[::1]:8080/")]
    public void Safe_addresses_are_taken(string address)
        => Assert.That(Options(options => options.BaseAddress = new Uri(address)).Validate(), Is.Empty);

    [TestCase("http://tenant.example/", "unencrypted")]
    [TestCase("http://127.0.0.1.tenant.example/", "unencrypted")]
    [TestCase("ftp://tenant.example/", "unencrypted")]
    [TestCase("https://user:pass@tenant.example/", "user, query or fragment")]
    [TestCase("https://tenant.example/?a=b", "user, query or fragment")]
    public void Unsafe_addresses_are_refused_without_showing_what_is_in_them(string address, string why)
        => Assert.That(
            Options(options => options.BaseAddress = new Uri(address)).Validate().Single(),
            Does.Contain(why).And.Contain("BaseAddress").And.Not.Contain("pass@"));

    [Test]
    public void Relative_and_missing_addresses_are_refused()
    {
        Assert.That(Options(options => options.BaseAddress = new Uri("tenant", UriKind.Relative)).Validate().Single(), Does.Contain("not an absolute address"));
        Assert.That(Options(options => options.BaseAddress = null).Validate().Single(), Does.Contain("missing"));
    }

    [Test]
    public void All_problems_are_listed_at_once()
    {
        var options = new SailPointOptions { AttemptTimeout = TimeSpan.Zero, TotalTimeout = TimeSpan.FromSeconds(-1), MaxResponseBytes = 0, ApiVersion = "../v3" };

        var exception = Assert.Throws<OptionsValidationException>(() => _ = new SailPointTokenClient("prod", options))!;

        Assert.That(exception.Failures.ToList(), Has.Count.EqualTo(7).And.All.StartsWith("SailPoint connection 'prod': "));
        foreach (var member in new[] { "BaseAddress", "AttemptTimeout", "TotalTimeout", "MaxResponseBytes", "ClientId", "ClientSecret", "ApiVersion" })
            Assert.That(exception.Failures, Has.One.StartsWith($"SailPoint connection 'prod': {member} "));
    }

    [Test]
    public void The_per_service_version_is_refused_with_what_to_use()
        => Assert.That(Options(options => options.ApiVersion = "v1").Validate().Single(), Does.Contain("v2025"));

    private static SailPointOptions Options(Action<SailPointOptions> change)
    {
        var options = new SailPointOptions { BaseAddress = new Uri("https://tenant.example"), ClientId = "id", ClientSecret = new TokenSecret("secret") };
        change(options);
        return options;
    }
}
