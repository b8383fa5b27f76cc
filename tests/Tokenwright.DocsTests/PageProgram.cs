using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Tokenwright.DocsTests;

/// <summary>
/// A program that is compiled from a block of code. Its statements become the body of a method of a class that derives from
/// <see cref="Reader"/>, next to the types of all blocks of the page. Line numbers in messages and stack traces are those of the page.
/// </summary>
internal sealed class PageProgram
{
    private const string ClassName = "BlockOfThePage";

    // The usings of a new project, and the namespaces that users of this SDK import. A page must contain all others.
    private static readonly string[] Usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging", "Tokenwright", "Tokenwright.DocsTests",
    ];

    // A short example may declare a variable without using it, and may contain no await.
    private static readonly string[] Allowed = ["CS0105", "CS0168", "CS0219", "CS1998", "CS8321", "CS1591"];

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))]);

    private readonly CodeBlock _block;
    private readonly Assembly _assembly;
    private readonly IReadOnlyList<string> _ownTypes;

    private PageProgram(CodeBlock block, Assembly assembly)
    {
        _block = block;
        _assembly = assembly;
        _ownTypes = [.. Parts.Of(block.Code, block.Line, block.Page.Path).Types.Select(type => type.Name)];
    }

    /// <summary>Compiles a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="documented">The replacements for the examples of the pages.</param>
    /// <exception cref="PageException">The block doesn't compile.</exception>
    public static PageProgram Compile(CodeBlock block, Documented documented)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Debug)
            .WithSpecificDiagnosticOptions(Allowed.Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress)));
        var source = SourceText.From(Write(block, documented), Encoding.UTF8);
        var compilation = CSharpCompilation.Create(
            $"{ClassName}{Guid.NewGuid():N}", [CSharpSyntaxTree.ParseText(source, path: block.Page.Path)], References.Value, options);

        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        var problems = result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
        if (problems.Count > 0)
        {
            throw new PageException(string.Join('\n', problems.Select(problem =>
                $"{block.Page.Path}:{problem.Location.GetMappedLineSpan().StartLinePosition.Line + 1}: {problem.Id}: " +
                    $"{problem.GetMessage(null)}")));
        }

        code.Position = symbols.Position = 0;
        return new PageProgram(block, AssemblyLoadContext.Default.LoadFromStream(code, symbols));
    }

    /// <summary>Runs the block. If its types are test fixtures, runs their tests too.</summary>
    /// <exception cref="PageException">The block failed.</exception>
    public async Task RunAsync(VendorSet vendors)
    {
        try
        {
            await using var reader = (Reader)Activator.CreateInstance(_assembly.GetType(ClassName)!)!;
            reader.Begin(vendors, Path.GetFileNameWithoutExtension(_block.Page.Path));
            await reader.RunAsync();
            await reader.EndAsync();
            foreach (var test in _ownTypes.SelectMany(type => _assembly.GetType(type)?.GetMethods() ?? [])
                .Where(method => method.IsDefined(typeof(TestAttribute))))
                await RunTestAsync(test);
        }
        catch (Exception failure) when (failure is not PageException)
        {
            throw new PageException($"{_block.Page.Path}:{LineOf(failure)}: {failure}", failure);
        }
    }

    private static async Task RunTestAsync(MethodInfo test)
    {
        var fixture = Activator.CreateInstance(test.DeclaringType!);
        try
        {
            if (test.Invoke(fixture, null) is Task task)
                await task;
        }
        catch (TargetInvocationException thrown)
        {
            ExceptionDispatchInfo.Throw(thrown.InnerException!);
        }
        finally
        {
            (fixture as IDisposable)?.Dispose();
        }
    }

    // The innermost frame whose file is the page.
    private int LineOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            var frame = new System.Diagnostics.StackTrace(cause, fNeedFileInfo: true).GetFrames()
                .FirstOrDefault(frame => frame.GetFileName() == _block.Page.Path);
            if (frame is not null)
                return frame.GetFileLineNumber();
        }

        return _block.Line;
    }

    private static string Write(CodeBlock block, Documented documented)
    {
        var source = new StringBuilder();
        foreach (var name in Usings)
            source.Append("global using ").Append(name).Append(";\n");

        var own = Parts.Of(documented.Replace(block.Code), block.Line, block.Page.Path);
        var given = Parts.Of(documented.Replace(block.Given), block.GivenLine, block.Page.Path);
        var others = CodeBlock.Of(block.Page).Where(other => other.Line != block.Line && other.Source is null)
            .SelectMany(other => new[]
            {
                Parts.Of(documented.Replace(other.Code), other.Line, other.Page.Path),
                Parts.Of(documented.Replace(other.Given), other.GivenLine, other.Page.Path),
            })
            .ToList();
        IEnumerable<Parts> all = [given, own, .. others];
        foreach (var text in all.SelectMany(parts => parts.Usings).Distinct())
            source.Append(text).Append('\n');

        source.Append("public sealed class ").Append(ClassName).Append(" : Reader\n{\n    public override async Task RunAsync()\n    {\n");
        given.Statements.ForEach(statement => source.Append(statement));
        own.Statements.ForEach(statement => source.Append(statement));
        source.Append("#line default\n    }\n}\n");

        // The types of other blocks are included: a page shows how to use a class, and then the class.
        foreach (var type in all.SelectMany(parts => parts.Types).DistinctBy(type => type.Name))
            source.Append(type.Text);
        return source.ToString();
    }

    private sealed record Parts(List<string> Usings, List<string> Statements, List<(string Name, string Text)> Types)
    {
        public static Parts Of(string code, int line, string path)
        {
            var parts = new Parts([], [], []);
            var tree = CSharpSyntaxTree.ParseText(code);
            var root = (CompilationUnitSyntax)tree.GetRoot();
            parts.Usings.AddRange(root.Usings.Select(directive => directive.ToString()));
            foreach (var member in root.Members)
            {
                var place = $"#line {line + tree.GetLineSpan(member.FullSpan).StartLinePosition.Line} \"{path}\"\n";
                var text = $"{place}{member.ToFullString()}\n";
                if (member is GlobalStatementSyntax)
                    parts.Statements.Add(text);
                else
                    parts.Types.Add(((member as BaseTypeDeclarationSyntax)?.Identifier.Text ?? text, text));
            }

            return parts;
        }
    }
}
