namespace Tokenwright.UnitTests;

internal sealed class AbstractionsTests
{
    [Test]
    public void Abstractions_depend_on_nothing_outside_the_framework()
        => Assert.That(
            typeof(ITokenClient).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name),
            Has.All.StartWith("System."));

    [Test]
    public void A_capabilities_speaks_of_every_operation()
    {
        var capabilities = new TokenCapabilities([OperationCapability.Native(TokenOperation.List)], "Not here.");

        Assert.That(capabilities.Operations.Select(operation => operation.Operation), Is.EqualTo(Enum.GetValues<TokenOperation>()));
        Assert.That(capabilities[TokenOperation.List].Support, Is.EqualTo(OperationSupport.Native));
        Assert.That(capabilities[TokenOperation.Revoke].Support, Is.EqualTo(OperationSupport.Unsupported));
        Assert.That(capabilities[TokenOperation.Revoke].Remark, Is.EqualTo("Not here."));
    }

    [Test]
    public void A_capabilities_say_one_thing_of_an_operation()
        => Assert.That(
            () => new TokenCapabilities(
                [OperationCapability.Native(TokenOperation.List), OperationCapability.Unsupported(TokenOperation.List, "No.")]),
            Throws.ArgumentException.With.Message.Contains("List"));

    [Test]
    public void Vendor_words_are_open()
    {
        Assert.That(new TokenState("active"), Is.EqualTo(TokenState.Active));
        Assert.That(new TokenState("frozen").ToString(), Is.EqualTo("frozen"));
        Assert.That(default(TokenState), Is.EqualTo(TokenState.Unknown));
        Assert.That(TokenState.Unknown.ToString(), Is.EqualTo("unknown"));
    }

    [Test]
    public void An_expiry_is_an_instant_a_duration_or_never()
    {
        var instant = new DateTimeOffset(2030, 1, 1, 2, 0, 0, TimeSpan.FromHours(2));
        Assert.That((TokenExpiry.At(instant).Instant, TokenExpiry.At(instant).Lifetime, TokenExpiry.At(instant).IsNever),
            Is.EqualTo(((DateTimeOffset?)instant, (TimeSpan?)null, false)));
        Assert.That((TokenExpiry.After(TimeSpan.FromDays(1)).Lifetime, TokenExpiry.After(TimeSpan.FromDays(1)).IsNever),
            Is.EqualTo(((TimeSpan?)TimeSpan.FromDays(1), false)));
        Assert.That(TokenExpiry.Never.IsNever, Is.True);
        Assert.That(TokenExpiry.At(instant).ToString(), Is.EqualTo("at 2030-01-01 00:00:00Z"));
        Assert.That(() => TokenExpiry.After(TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_query_knows_its_filters()
    {
        Assert.That(new TokenQuery { IncludeRaw = true }.Filters, Is.EqualTo(TokenQueryFilters.None));
        Assert.That(
            new TokenQuery { OwnerId = "o", OwnOnly = true, Role = new("r"), UnusedSince = DateTimeOffset.UnixEpoch, PageSize = 1 }.Filters,
            Is.EqualTo(TokenQueryFilters.OwnerId | TokenQueryFilters.OwnOnly | TokenQueryFilters.Role
                | TokenQueryFilters.UnusedSince | TokenQueryFilters.PageSize));
    }

    [Test]
    public void An_issued_token_prints_without_its_secret()
    {
        var issued = new IssuedToken
            { Token = new ApiToken { Vendor = "V", Connection = "c", Name = "n" }, Secret = new TokenSecret("very-secret") };
        Assert.That(issued.ToString(), Does.Not.Contain("very-secret"));
    }
}
