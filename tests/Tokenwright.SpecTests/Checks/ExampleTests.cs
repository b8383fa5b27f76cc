using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

public sealed class ExampleTests
{
    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void ExamplesAreValid(string vendor) => Report.AssertNone(vendor, ExampleRules.Problems(SpecFile.Of(vendor)));

    [Test]
    public void SampleHasNoProblem() => Assert.That(ExampleRules.Problems(Sample.Spec), Is.Empty);

    [TestCase("id: 7", "id: '7'", "example.id: is String, not integer")]
    [TestCase("id: 7", "id: 7.5", "example.id: is 7.5, not an integer")]
    [TestCase("id: 7", "id: 0", "example.id: is 0, out of range")]
    [TestCase("example: 7", "example: 2147483648", "is 2147483648, out of range")]
    [TestCase("                id: 7\n", "", "lacks id, which is required")]
    [TestCase("createdAt: yesterday", "createdAt: null", "example.createdAt: is null")]
    [TestCase("createdAt: yesterday", "createdAt: true", "example.createdAt: is True, not string")]
    [TestCase("name: null", "name: [Ann]", "example.owner.name: is Array, not string")]
    [TestCase("name: null", "nickname: Ann", "example.owner.nickname: is a member that the schema lacks")]
    [TestCase("name: build", "name: b", "example.name: has 1 characters")]
    [TestCase("name: build", "name: build server", "example.name: has 12 characters")]
    [TestCase("name: build", "name: build\n              role: reader", "example.role: is a member that the schema lacks")]
    [TestCase("minLength: 2", "pattern: '^[0-9]+$'", "example.name: does not match")]
    [TestCase("roles: [reader]", "roles: reader", "example.roles: is String, not array")]
    [TestCase("roles: [reader]", "roles: [7]", "example.roles[0]: is Number, not string")]
    [TestCase("roles: [reader]", "roles: [a, b, c]", "example.roles: has 3 elements")]
    [TestCase("roles: [reader]", "roles: [a, a]", "example.roles: has an element twice")]
    [TestCase("minLength: 2", "minLength: 2\n          default: x", "TokenUpdate.name > default: has 1 characters")]
    [TestCase("            example:\n              name: build\n", "", "the body 'The new name.' (application/json) has no example")]
    [TestCase("example:\n                id: 7", "x-example:\n                id: 7", "the body 'The token.' (application/json) has no")]
    [TestCase("example: 7", "examples:\n            first:\n              value: seven", "examples > first: is String, not integer")]
    public void BrokenSpecIsReported(string part, string instead, string problem) =>
        Assert.That(ExampleRules.Problems(Sample.SpecWith(part, instead)), Has.Some.Contains(problem));
}
