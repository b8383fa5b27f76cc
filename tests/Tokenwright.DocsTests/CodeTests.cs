using System.Net;

namespace Tokenwright.DocsTests;

/// <summary>All C# of the pages compiles, and runs against emulators.</summary>
[CancelAfter(600_000)]
internal sealed class CodeTests
{
    public static IEnumerable<TestCaseData> Blocks => Cases(block => block.Source is null);

    public static IEnumerable<TestCaseData> Parts => Cases(block => block.Source is not null);

    // Code of a page must not reach any other machine.
    [OneTimeSetUp]
    public void StayHere() => HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:9") { BypassProxyOnLocal = true };

    [TestCaseSource(nameof(Blocks))]
    public async Task The_code_of_a_page_runs(CodeBlock block)
    {
        using var vendors = new VendorSet();
        using var documented = new Documented(vendors);
        await PageProgram.Compile(block, documented).RunAsync(vendors);
    }

    // The build compiles the file, and the tests of its project run separately.
    [TestCaseSource(nameof(Parts))]
    public void A_block_from_a_file_is_part_of_the_file(CodeBlock block)
    {
        static string Plain(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim()));

        Assert.That(Plain(File.ReadLines(Path.Combine(Page.Root, block.Source!))), Does.Contain(Plain(block.Code.Split('\n'))),
            $"{block} says something else than {block.Source}.");
    }

    [Test]
    public void All_pages_with_code_are_found()
        => Assert.That(Blocks.Select(test => ((CodeBlock)test.Arguments[0]!).Page.Path),
            Does.Contain("README.md").And.Contain("docs/getting-started.md"));

    [Test]
    public void The_most_important_members_have_an_example()
        => Assert.That(Page.Examples.SelectMany(CodeBlock.Of).ToList(), Has.Count.GreaterThanOrEqualTo(15));

    [Test]
    public void Every_replaced_example_occurs_on_a_page()
    {
        using var vendors = new VendorSet();
        using var documented = new Documented(vendors);
        var code = string.Concat(Page.All.SelectMany(CodeBlock.Of).Select(block => block.Given + block.Code));

        foreach (var text in documented.Texts.Concat(documented.Variables.Keys))
            Assert.That(code, Does.Contain(text), "nothing uses it any more");
    }

    [TestCase("tokens.ListAsnyc();", "page.md:4: CS1061", TestName = "Code that doesn't compile is reported with its line")]
    [TestCase("string? text = null; _ = text.Length;", "page.md:4: CS8602", TestName = "Code with a warning is reported with its line")]
    [TestCase("await tokens.GetAsync(TokenReference.ById(\"none\"));", "page.md:4: Tokenwright.TokenNotFoundException",
        TestName = "Code that fails is reported with its line")]
    [TestCase("services.AddTokenwright().AddXms(\"storage\", options => { });",
        "page.md:2: Microsoft.Extensions.Options.OptionsValidationException", TestName = "A registration that can't work is reported")]
    [TestCase("class Tests { [NUnit.Framework.Test] public void Fails() =>\n throw new InvalidOperationException(); }",
        "page.md:5: System.InvalidOperationException", TestName = "A test that fails is reported with its line")]
    public void An_error_on_a_page_is_reported_with_its_line(string code, string message)
    {
        var page = new Page("page.md", $"```csharp\n\n// A comment.\n{code}\n```\n");
        var block = CodeBlock.Of(page).Single();

        Assert.That(
            async () =>
            {
                using var vendors = new VendorSet();
                using var documented = new Documented(vendors);
                await PageProgram.Compile(block, documented).RunAsync(vendors);
            },
            Throws.InstanceOf<PageException>().With.Message.StartsWith(message));
    }

    private static IEnumerable<TestCaseData> Cases(Predicate<CodeBlock> isOne)
        => Page.All.Concat(Page.Examples).SelectMany(CodeBlock.Of).Where(block => isOne(block))
            .Select(block => new TestCaseData(block).SetArgDisplayNames(block.ToString()));

    [Test]
    public void The_hidden_code_belongs_to_the_block_below_it()
    {
        var blocks = CodeBlock.Of(
            new Page("page.md", "<!-- given\nvar a = 1;\n-->\n```csharp\n_ = a;\n```\n\n```csharp\n_ = 2;\n```\n```json\n{}\n```\n"));

        Assert.That(blocks.Select(block => (block.Given.Trim(), block.Line)), Is.EqualTo(new[] { ("var a = 1;", 5), ("", 9) }));
        Assert.That(
            () => CodeBlock.Of(new Page("page.md", "<!-- given var a = 1; -->\nA sentence.\n")), Throws.InstanceOf<FormatException>());
    }
}
