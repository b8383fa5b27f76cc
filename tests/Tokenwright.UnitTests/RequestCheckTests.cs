using Tokenwright.Adapters;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.UnitTests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RequestCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    private readonly RequestCheck _check = new();

    [Test]
    public void A_valid_request_has_no_problems()
    {
        _check.Unsupported("Key", null, "No.");
        _check.Unsupported("Roles", Array.Empty<TokenRole>(), "No.");
        _check.Required("Name", "n");
        _check.Length("Name", null, 3);
        _check.Length("Name", "abc", 3);
        _check.Length("Description", "", 3, emptyAllowed: true);
        _check.Expiry("Expiry", null, Now);
        _check.Expiry("Expiry", TokenExpiry.Never, Now, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        _check.Expiry("Expiry", TokenExpiry.After(TimeSpan.FromHours(1)), Now, TimeSpan.FromHours(1), TimeSpan.FromHours(1));

        Assert.That(_check.Problems, Is.Empty);
    }

    [Test]
    public void All_problems_are_listed_in_order_with_their_fields()
    {
        _check.Unsupported("Key", "k", "There are no keys.");
        _check.Unsupported("Roles", new[] { new TokenRole("r") }, "There are no roles.");
        _check.Required("Name", " ");
        _check.Length("Name", "abcd", 3);
        _check.Length("Description", "", 3);
        _check.Expiry("Expiry", TokenExpiry.At(Now), Now);
        _check.Expiry("Expiry", TokenExpiry.After(TimeSpan.FromMinutes(59)), Now, shortest: TimeSpan.FromHours(1));
        _check.Expiry("Expiry", TokenExpiry.At(Now.AddHours(3)), Now, longest: TimeSpan.FromHours(2));

        Assert.That(_check.Problems.Select(problem => $"{problem.Field}: {problem.Message}"), Is.EqualTo(new[]
        {
            "Key: There are no keys.",
            "Roles: There are no roles.",
            "Name: It is missing.",
            "Name: It has 4 characters; the vendor takes 3.",
            "Description: It is empty.",
            "Expiry: It is in the past (at 2026-11-24 00:00:00Z); it is 2026-11-24 00:00:00Z now.",
            "Expiry: The lifetime would be 00:59:00; the vendor's minimum is 01:00:00.",
            "Expiry: The lifetime would be 03:00:00; the vendor's maximum is 02:00:00.",
        }));
    }

    [Test]
    public void The_callers_own_model_is_copied_and_not_changed()
    {
        var own = new CreatePersonalAccessTokenRequest { Name = "mine", ExpirationDate = Now, Scope = ["a"] };

        var copy = _check.Raw<CreatePersonalAccessTokenRequest>(own);
        copy.Name = "changed";
        copy.Scope!.Add("b");

        Assert.That((own.Name, own.Scope.Count, copy.ExpirationDate), Is.EqualTo(("mine", 1, (DateTimeOffset?)Now)));
        Assert.That(_check.Raw<CreatePersonalAccessTokenRequest>(null).Name, Is.Null);
        Assert.That(_check.Problems, Is.Empty);
    }

    [Test]
    public void A_model_of_another_type_is_a_problem_and_not_shown()
    {
        _check.Raw<CreatePersonalAccessTokenRequest>("a secret by mistake");

        var problem = _check.Problems.Single();
        Assert.That(problem.Field, Is.EqualTo("Raw"));
        Assert.That(
            problem.Message, Does.Contain("CreatePersonalAccessTokenRequest").And.Contain("System.String").And.Not.Contain("mistake"));
    }

    [Test]
    public void An_expiry_is_an_instant_or_a_lifetime_from_now_on()
    {
        var instant = Now.AddDays(1).ToOffset(TimeSpan.FromHours(5));
        Assert.That((TokenExpiry.At(instant).ToInstant(Now), TokenExpiry.At(instant).ToLifetime(Now)),
            Is.EqualTo(((DateTimeOffset?)instant, (TimeSpan?)TimeSpan.FromDays(1))));
        Assert.That((TokenExpiry.After(TimeSpan.FromDays(1)).ToInstant(Now), TokenExpiry.After(TimeSpan.FromDays(1)).ToLifetime(Now)),
            Is.EqualTo(((DateTimeOffset?)instant, (TimeSpan?)TimeSpan.FromDays(1))));
        Assert.That(TokenExpiry.After(TimeSpan.MaxValue).ToInstant(Now), Is.EqualTo(DateTimeOffset.MaxValue));
        Assert.That(
            (TokenExpiry.Never.ToInstant(Now), TokenExpiry.Never.ToLifetime(Now)), Is.EqualTo(((DateTimeOffset?)null, (TimeSpan?)null)));
    }
}
