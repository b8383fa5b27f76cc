using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

public sealed class DocumentedFactTests
{
    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void SpecMeetsEveryDocumentedFact(string vendor) =>
        Report.AssertNone(vendor, DocumentedFactRules.Problems(SpecFile.Of(vendor), DocumentedFact.Of(vendor)));

    [Test]
    public void SampleHasNoProblem() =>
        Assert.That(DocumentedFactRules.Problems(Sample.Spec, DocumentedFact.ParseAll(Sample.Csv)), Is.Empty);

    [TestCase("schema,,IToken", "schema,,Token", "the spec has no such schema")]
    [TestCase("IToken,id,integer", "IToken,id,string", "'field,IToken,id,string,int64,true': the type is integer")]
    [TestCase("integer,int64", "integer,int32", "the format is 'int64' in the spec")]
    [TestCase("int64,true", "int64,false", "it is required in the spec")]
    [TestCase("created_at,number,,true", "created_at,string,,true", "the type is number")]
    [TestCase("created_at,number,,true", "created_at,number,,false", "it is required in the spec")]
    [TestCase("created_at", "created_on", "the spec has no such member")]
    [TestCase("owner,Owner", "owner,IOwner", "the type is Owner in the spec")]
    [TestCase("owner.name", "owner.nickname", "the spec has no such member")]
    [TestCase("owner.name", "keeper.name", "the spec has no member keeper")]
    [TestCase("array<string>", "array<integer>", "the type is array<string> in the spec")]
    [TestCase("array<string>", "object", "the type is array<string> in the spec")]
    [TestCase("operation,update_token", "operation,rename_token", "the spec has no such operation")]
    [TestCase("PATCH /tokens", "PUT /tokens", "is PATCH /tokens/{token_id} in the spec")]
    [TestCase("update_token,token_id,", "update_token,id,", "the operation has no such parameter")]
    [TestCase("int32,true", "int32,false", "it is required in the spec")]
    [TestCase("body,TokenUpdate,,true", "body,Token,,true", "the type is TokenUpdate in the spec")]
    [TestCase("body,TokenUpdate,,true", "body,TokenUpdate,,false", "it is required in the spec")]
    [TestCase("returns,update_token,,IToken", "returns,update_token,,Owner", "the type is IToken in the spec")]
    [TestCase("returns,update_token,,IToken", "returns,update_token,,void", "the operation returns a body")]
    [TestCase("security,update_token,header", "security,update_token,query", "does not take this security scheme")]
    [TestCase("consumes,update_token,application/json", "consumes,update_token,text/plain", "x-documented-consumes has this media type")]
    [TestCase("produces,update_token,application/json", "produces,update_token,text/plain", "x-documented-produces has this media type")]
    [TestCase("produces,", "makes,", "'makes' is not a kind of fact")]
    [TestCase("field,IToken,roles,array<string>", "field,IToken,id,integer", "is listed 2 times")]
    [TestCase("schema,,IToken,object,,\n", "", "IToken has no row of its own")]
    public void FactThatTheSpecDoesNotMeetIsReported(string part, string instead, string problem)
    {
        var facts = DocumentedFact.ParseAll(Sample.With(Sample.Csv, part, instead));
        Assert.That(DocumentedFactRules.Problems(Sample.Spec, facts), Has.Some.Contains(problem));
    }

    [TestCase("kind,owner", "owner,kind")]
    [TestCase("int64,true", "int64,yes")]
    [TestCase("int64,true", "int64,true,")]
    [TestCase("schema,,IToken", "schema,,\"IToken\"")]
    [TestCase("produces,update_token,application/json,,,\n", "produces,update_token,application/json,,,")]
    public void ListOfAnotherFormIsRefused(string part, string instead) =>
        Assert.That(() => DocumentedFact.ParseAll(Sample.With(Sample.Csv, part, instead)), Throws.InstanceOf<FormatException>());

    [Test]
    public void EmptyListIsReported() => Assert.That(DocumentedFactRules.Problems(Sample.Spec, []), Has.Some.EqualTo("the list is empty"));
}
