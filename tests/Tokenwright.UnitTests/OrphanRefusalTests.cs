using System.Net;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>Which responses prove that a create or a regenerate was refused, and which don't.</summary>
internal sealed class OrphanRefusalTests : OrphanFixture
{
    [Test]
    public void A_refusal_that_is_not_the_APIs_leaves_the_outcome_unknown([Values(302, 307, 400, 401, 403, 404, 409, 429, 451)] int status)
    {
        foreach (var vendor in Vendors)
        {
            foreach (var response in new[] { VendorResponse.Html(status, "<html>Blocked</html>"),
                VendorResponse.Bytes(status, "\"blocked\""u8.ToArray(), "application/json") })
            {
                var stage = Start(vendor);
                stage.Emulator.Faults.Inject(Fault.Respond(response).AfterHandling(), "POST", vendor.CreatePath);

                var unknown = Unknown(stage, UnknownOutcomeAction.Throw);

                Assert.That((unknown.Status, stage.Creates), Is.EqualTo(((HttpStatusCode?)status, 1)), vendor.Title);
                Assert.That(stage.Emulator.Tokens, Has.Count.EqualTo(1), vendor.Title);
            }
        }
    }

    [Test]
    public void A_refusal_from_the_API_proves_that_nothing_was_created([Values(400, 401, 403, 404, 409)] int status)
    {
        foreach (var vendor in Vendors)
        {
            foreach (var response in new[] { VendorResponse.Json(status, "{}"), VendorResponse.Empty(status) })
            {
                var stage = Start(vendor);
                stage.Emulator.Faults.Inject(Fault.Respond(response), "POST", vendor.CreatePath, times: 2);

                var refused = Assert.CatchAsync<TokenClientException>(() => stage.Client.CreateAsync(vendor.Request))!;

                Assert.That(
                    (refused is TokenOutcomeUnknownException, refused.Status), Is.EqualTo((false, (HttpStatusCode?)status)), vendor.Title);
            }
        }
    }

    [Test]
    public void A_redirect_proves_nothing()
    {
        foreach (var vendor in Vendors)
        {
            var stage = Start(vendor);
            stage.Emulator.Faults.Inject(Fault.Respond(
                VendorResponse.Empty(302).With("Location", "https://login.invalid/")).AfterHandling(), "POST", vendor.CreatePath);

            Assert.That(
                (Unknown(stage, UnknownOutcomeAction.Throw).Status, stage.Creates), Is.EqualTo(((HttpStatusCode?)302, 1)), vendor.Title);
        }
    }

    [Test]
    public void A_refused_regenerate_has_an_unknown_outcome_if_the_refusal_is_not_from_the_API([Values(302, 401, 403, 404, 429)] int status)
    {
        var stage = Start(Vendors[0]);
        var token = stage.AddStranger();
        var secret = token.Secret;
        stage.Emulator.Faults.Inject(
            Fault.Respond(VendorResponse.Html(status, "<html>Blocked</html>")).AfterHandling(), "POST", "*:regenerate", times: 4);

        Assert.That(() => stage.Client.RegenerateAsync(TokenReference.ById(token.Id!)), Throws.TypeOf<TokenOutcomeUnknownException>());
        Assert.That((stage.Requests.Count(request => request.Path.EndsWith(":regenerate", StringComparison.Ordinal)),
            token.Secret!.Equals(secret)), Is.EqualTo((1, false)));
    }

    [TestCaseSource(nameof(All))]
    public void A_page_does_not_prove_that_a_token_is_gone(OrphanVendor vendor)
    {
        foreach (var isPage in new[] { false, true })
        {
            var stage = Start(vendor);
            var token = stage.AddStranger();
            stage.Emulator.Faults.Inject(Fault.Cut().BeforeHandling(), "DELETE");
            stage.Emulator.Faults.Inject(
                Fault.Respond(isPage ? VendorResponse.Html(404, "<html>Not found</html>") : VendorResponse.Json(404, "{}")), "DELETE");
            Task Revoke() => stage.Client.RevokeAsync(TokenReference.ById(token.Id!));

            if (isPage)
                Assert.That(Revoke, Throws.InstanceOf<TokenClientException>());
            else
                Assert.That(Revoke, Throws.Nothing);
        }
    }
}
