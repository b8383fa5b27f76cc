using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

public sealed class SchemaTests
{
    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void SchemasKeepTheRules(string vendor) => Report.AssertNone(vendor, SchemaRules.Problems(SpecFile.Of(vendor)));

    [Test]
    public void SampleHasNoProblem() => Assert.That(SchemaRules.Problems(Sample.Spec), Is.Empty);

    [TestCase("x-extensible-enum: [reader]", "enum: [reader]", "Token.roles[]: 'enum' has no place")]
    [TestCase("$ref: '#/components/schemas/Owner'", "oneOf: []", "'oneOf' has no place")]
    [TestCase("x-documented-type: number", "x-documentd-type: number", "'x-documentd-type' has no place")]
    [TestCase("          type: string\n          nullable: true", "          nullable: true", "Owner.name: lacks a type")]
    [TestCase("items:\n            type: string\n            x-extensible-enum: [reader]", "default: []", "is an array without items")]
    [TestCase("x-extensible-enum: [reader]", "nullable: true", "has items that may be null")]
    [TestCase("format: date-time", "format: password", "format: password")]
    [TestCase("format: date-time", "x-secret: true\n          pattern: a+", "has a pattern although it is a secret")]
    [TestCase("x-extensible-enum: [reader]", "x-extensible-enum: []", "x-extensible-enum without a string type or without values")]
    [TestCase("additionalProperties: false", "additionalProperties: true", "additionalProperties: true")]
    [TestCase("additionalProperties: false", "deprecated: false", "TokenUpdate: is only sent")]
    [TestCase("description: An owner.", "description: An owner.\n      additionalProperties: false", "Owner: is received")]
    [TestCase("additionalProperties: false", "additionalProperties: false\n      x-explicit-null: [name]",
        "TokenUpdate: has x-explicit-null, which is for")]
    [TestCase("description: An owner.", "description: An owner.\n      x-explicit-null: [name]",
        "Owner: has x-explicit-null, which is for")]
    [TestCase("additionalProperties: false", "x-explicit-null: [name]", "TokenUpdate: x-explicit-null names name")]
    [TestCase("additionalProperties: false", "x-explicit-null: [other]", "TokenUpdate: x-explicit-null names other")]
    [TestCase("additionalProperties: false", "x-explicit-null: []", "TokenUpdate: has x-explicit-null without members")]
    [TestCase("$ref: '#/components/schemas/Owner'", "$ref: '#/components/schemas/Owner'\n          nullable: true", "members beside $ref")]
    [TestCase("          description: Its roles.\n", "", "Token: roles lacks a description")]
    [TestCase("      description: An owner.\n", "", "Owner: lacks a description")]
    [TestCase("$ref: '#/components/schemas/Owner'", "properties: {}", "writes an object out in place")]
    [TestCase("required: [id]", "required: [id, size]", "size is required but is not a property")]
    [TestCase("required: [id]", "required: [id, owner]", "owner is required in a response")]
    [TestCase("nullable: true\n          x-documented-nullable: false", "deprecated: true", "id is required in a response")]
    [TestCase("nullable: true\n          x-documented-nullable", "x-documented-nullable", "id is marked x-documented-nullable")]
    [TestCase("x-documented-required: true", "x-documented-required: false", "createdAt is marked x-documented-required")]
    [TestCase("x-documented-type: number", "x-documented-type: string", "createdAt is marked x-documented-type")]
    [TestCase("required: [id]", "required: [id]\n      x-documented-required: [id]", "x-documented-required names id")]
    [TestCase("$ref: '#/components/schemas/Owner'", "type: string\n          description: O.", "Owner: no operation uses it")]
    [TestCase("    Owner:\n", "    token:\n      type: object\n      description: T.\n    Owner:\n", "Token, token: differ by case only")]
    public void BrokenSpecIsReported(string part, string instead, string problem) =>
        Assert.That(SchemaRules.Problems(Sample.SpecWith(part, instead)), Has.Some.Contains(problem));
}
