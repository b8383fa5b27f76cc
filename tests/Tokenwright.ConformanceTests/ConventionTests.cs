using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright.ConformanceTests;

/// <summary>Conventions that hold for the public API of all packages, so that all parts look alike.</summary>
internal sealed class ConventionTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Vendors = [.. TokenVendors.All.Select(vendor => vendor.Name)];

    // The suffix of a type's name says what the type is.
    private static readonly Dictionary<Type, string> Endings = new()
    {
        [typeof(Exception)] = "Exception",
        [typeof(Attribute)] = "Attribute",
        [typeof(ConnectionOptions)] = "Options",
        [typeof(ITokenClient)] = "TokenClient",
    };

    private const int LongestLine = 140;
    private const int LongestFile = 400;

    private static readonly Regex TopLevelType =
        new(
            @"^(?:(?:public|internal|static|sealed|abstract|readonly|partial|ref) )*" +
            @"(?:class|interface|enum|struct|record struct|record|delegate [^ ]+) (\w+)", RegexOptions.Multiline);

    // WireMock.Net and its dependencies: Roslyn, template engines, query languages. An analyzer of the build is not part of a program.
    private static readonly Regex EmulatorPackage = new(
        @"^(Tokenwright\.Testing|WireMock|Microsoft\.CodeAnalysis(?!\..*Analyzers)" +
        @"|Scriban|Handlebars|Fluid|RazorLight|DotLiquid|GraphQL|JmesPath)",
        RegexOptions.IgnoreCase);

    // What only one vendor has: fimidara's API has had three kinds of tokens, with a class for each.
    private static readonly string[] OwnFiles =
        ["*TokenKind.cs", "*Tokens.cs", "*AgentTokens.cs", "*ClientAssignedTokens.cs", "*ProgramAccessTokens.cs"];

    // Hold returns a signal that a request has arrived and is held. A case of the suite limits its own time. AsPages has its name from
    // Azure.Core.
    private static readonly string[] Exempt =
        ["ConformanceStage.Hold", "EmulatorStage.Hold", "ConformanceCase.RunAsync", "AsyncTokenList.AsPages"];

    private static IEnumerable<Assembly> Packages =>
    [
        typeof(ITokenClient).Assembly, typeof(ConnectionOptions).Assembly, .. Vendors.Select(vendor =>
            Assembly.Load($"Tokenwright.{vendor}")), typeof(TokenVendors).Assembly, Assembly.Load("Tokenwright.Testing"),
        Assembly.Load("Tokenwright.HealthChecks"), Assembly.Load("Tokenwright.Rotation"),
        Assembly.Load("Tokenwright.Rotation.PostgreSql"), Assembly.Load("Tokenwright.Rotation.AzureKeyVault"),
    ];

    private static IEnumerable<Type> Types => Packages.SelectMany(package => package.GetExportedTypes());

    // The specs determine the models and typed clients.
    private static IEnumerable<Type> OwnTypes => Types.Where(type => type.Namespace?.EndsWith(".Api", StringComparison.Ordinal) != true);

    private static IEnumerable<TestCaseData> ExceptionTypes => Types.Where(type => type.IsAssignableTo(typeof(TokenClientException))
        && !type.IsAbstract).Select(type => new TestCaseData(type).SetArgDisplayNames(type.Name));

    [Test]
    public void Each_asynchronous_method_ends_with_a_cancellation_token_or_the_context_that_holds_it()
    {
        var without = Types.SelectMany(type => type.GetMethods(Declared))
            .Where(method => IsAsynchronous(method.ReturnType) && !method.IsSpecialName
                && method.Name is not ("DisposeAsync" or "GetAsyncEnumerator"))
            .Where(method => method.GetParameters() is not [.., { ParameterType: var last }]
                || (last != typeof(CancellationToken) && last != typeof(OperationContext)))
            .Where(method => !IsDelegate(method))
            .Select(Name).Where(name => !Exempt.Any(exempt => name.EndsWith(exempt, StringComparison.Ordinal)));

        Assert.That(without, Is.Empty);
    }

    [Test]
    public void Each_asynchronous_method_has_the_suffix_Async()
    {
        var silent = Types.SelectMany(type => type.GetMethods(Declared))
            .Where(method => IsAsynchronous(method.ReturnType) && !method.IsSpecialName && !IsDelegate(method)
                && !method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name != "GetAsyncEnumerator")
            .Select(Name).Where(name => !Exempt.Any(exempt => name.EndsWith(exempt, StringComparison.Ordinal)));

        Assert.That(silent, Is.Empty);
    }

    [Test]
    public void Abstractions_reference_no_vendor_and_no_JSON_library()
    {
        var words = Vendors.Append("Json").Append("Newtonsoft").ToArray();
        var members = typeof(ITokenClient).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(Declared).Select(Name).Append(type.FullName!));

        Assert.That(members.Where(member => words.Any(word => member.Contains(word, StringComparison.OrdinalIgnoreCase))), Is.Empty);
    }

    [Test]
    public void No_type_with_a_secret_is_a_record_or_prints_the_secret()
    {
        var holders = OwnTypes.Where(
            type => type == typeof(TokenSecret) || type.GetProperties(Declared).Any(property => IsSecret(property.PropertyType))).ToList();

        Assert.That(holders, Has.Count.GreaterThan(8), "there are some");
        Assert.That(holders.Where(IsRecord), Is.Empty);
        Assert.That(holders.SelectMany(type => type.GetProperties(Declared)).Where(property => property.PropertyType == typeof(string)
            && Regex.IsMatch(property.Name, "(Secret|Password|Value|AccessToken)$")).Select(Name), Is.Empty);
    }

    [Test]
    public void Every_options_type_has_a_validator()
    {
        var options = Types.Where(type => type.IsAssignableTo(typeof(ConnectionOptions)) && !type.IsAbstract).ToList();

        Assert.That(options, Has.Count.EqualTo(Vendors.Length));
        foreach (var type in options)
            Assert.That(type.Assembly.GetTypes().Where(
                validator => validator.IsAssignableTo(typeof(IValidateOptions<>).MakeGenericType(type))), Has.Exactly(1).Items, type.Name);
    }

    [TestCaseSource(nameof(ExceptionTypes))]
    public void Every_exception_type_has_vendor_connection_and_operation(Type type)
    {
        var failure = new TokenFailure { Vendor = "Acme", Connection = "lab", Operation = TokenOperation.Get };
        var constructor = type.GetConstructors().First();
        var exception = (TokenClientException)constructor.Invoke(
            [.. constructor.GetParameters().Select(parameter => parameter.ParameterType == typeof(TokenFailure) ? failure
            : parameter.ParameterType == typeof(string) ? "It failed."
            : parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)]);

        Assert.That((exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("Acme", "lab", TokenOperation.Get)));
    }

    [Test]
    public void Type_names_have_the_suffix_of_their_kind()
    {
        foreach (var (kind, ending) in Endings)
            Assert.That(OwnTypes.Where(type => type.IsClass && type.IsAssignableTo(kind) && !Regex.IsMatch(
                type.Name, $"{ending}(`\\d)?$|^{nameof(TokenClientAdapter)}$")).Select(type => type.FullName), Is.Empty, ending);
    }

    // Who has read one vendor's folder knows them all.
    [Test]
    public void Each_vendors_folder_has_the_same_files()
    {
        var folders = Vendors.Select(vendor => Path.Combine(GeneratedDocs.Root, "src", $"Tokenwright.{vendor}"))
            .Select(folder => string.Join(' ', Directory.GetFiles(folder).Select(file => Path.GetFileName(file)
                .Replace(Path.GetExtension(folder)[1..], "*", StringComparison.Ordinal)).Except(OwnFiles).Order(StringComparer.Ordinal)));

        Assert.That(folders.Distinct(), Has.Exactly(1).Items);
    }

    // A new vendor needs new folders and one line in the list. Examples in comments, help and messages may name a vendor.
    [Test]
    public void No_code_outside_of_a_vendors_own_folders_names_a_vendor()
    {
        var any = string.Join('|', Vendors);
        var code = SourceFiles("*.cs").Select(file => file.Replace('\\', '/'))
            .Where(file => Regex.IsMatch(file, "^(src|eng|samples/Shared)/") && !Regex.IsMatch(file,
                $"^src/Tokenwright\\.(Vendors|{any})/|^src/Tokenwright\\.Testing/Emulators/({any})"))
            .Append("build.cake").ToList();
        var named = code.Where(file => Regex.IsMatch(
            WithoutTexts(File.ReadAllText(Path.Combine(GeneratedDocs.Root, file)), any), any, RegexOptions.IgnoreCase)).ToList();
        var script = Regex.Replace(File.ReadAllText(Path.Combine(GeneratedDocs.Root, ".ci", "run")), "(?m)^ *#.*$", string.Empty);

        Assert.That(code, Has.Count.GreaterThan(250), "they are found");
        Assert.That(named, Is.Empty);
        Assert.That(script, Does.Not.Match($"(?i){any}"));
        Assert.That(WithoutTexts("if (vendor == \"Xms\")", any), Does.Contain("Xms"), "a text that is a name counts");
    }

    [Test]
    public void No_code_uses_ambient_state_such_as_AsyncLocal()
        => Assert.That(SourceFiles("*.cs").Where(file => Regex.IsMatch(file, "^(src|samples)[/\\\\]")
            && File.ReadAllText(Path.Combine(GeneratedDocs.Root, file)).Contains("AsyncLocal", StringComparison.Ordinal)), Is.Empty);

    // Returns the code without comments, and without strings that contain more than a vendor's name.
    private static string WithoutTexts(string code, string vendors)
        => Regex.Replace(
            Regex.Replace(code, @"(?m)^\s*//.*$|""{3}[\s\S]*?""{3}", string.Empty),
            $"\"(?!({vendors})\")(\\\\.|[^\"\\\\\n])*\"", string.Empty);

    [Test]
    public void The_tool_with_credentials_does_not_contain_the_emulators()
    {
        static IEnumerable<string> Locked(string project)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(
                Path.Combine(GeneratedDocs.Root, "src", project, "packages.lock.json")));
            return [.. json.RootElement.GetProperty("dependencies").EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject().Select(package => package.Name))
                .Where(package => EmulatorPackage.IsMatch(package))];
        }

        Assert.That(Locked("Tokenwright.Cli"), Is.Empty);
        Assert.That(Locked("Tokenwright.Emulator"), Is.SupersetOf(new[] { "tokenwright.testing", "WireMock.Net",
            "Microsoft.CodeAnalysis.CSharp", "Scriban.Signed", "Handlebars.Net", "GraphQL", "JmesPath.Net" }), "they are recognized");
    }

    [Test]
    public void No_line_of_code_or_prose_is_longer_than_140_characters()
    {
        var sources = SourceFiles("*.cs").Concat(SourceFiles("*.md")).Append("build.cake").ToList();
        var tooLong = sources.SelectMany(file => LongLines(file).Select(line => $"{file}:{line}"));

        Assert.That(sources, Has.Count.GreaterThan(500), "they are found");
        Assert.That(tooLong, Is.Empty);
    }

    [Test]
    public void No_file_is_longer_than_400_lines()
    {
        var files = SourceFiles("*.cs").Where(file => file.StartsWith("src", StringComparison.Ordinal)
            || file.StartsWith("tests", StringComparison.Ordinal)).ToList();

        Assert.That(files, Has.Count.GreaterThan(500), "they are found");
        Assert.That(files.Where(file => File.ReadLines(Path.Combine(GeneratedDocs.Root, file)).Count() > LongestFile), Is.Empty);
    }

    [Test]
    public void Each_file_holds_one_type_which_has_its_name()
    {
        var files = SourceFiles("*.cs").Where(file => !file.StartsWith("eng", StringComparison.Ordinal)).ToList();
        var others = files.Where(file =>
        {
            // The file of a partial type may have a suffix after the type's name. A small program is one file.
            var name = Path.GetFileNameWithoutExtension(file).Split('.')[0];
            return name != "Program" && TopLevelType.Matches(File.ReadAllText(Path.Combine(GeneratedDocs.Root, file)))
                .Select(match => match.Groups[1].Value).Any(type => type != name);
        });

        Assert.That(files, Has.Count.GreaterThan(300), "they are found");
        Assert.That(others, Is.Empty);
    }

    private static IEnumerable<string> SourceFiles(string pattern)
        => Directory.GetFiles(GeneratedDocs.Root, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(GeneratedDocs.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "artifacts" or "node_modules"
                || (part.StartsWith('.') && part != ".ci")));

    // A table row is one line of any length, and program output is shown as printed.
    private static IEnumerable<int> LongLines(string file)
    {
        var isMarkdown = file.EndsWith(".md", StringComparison.Ordinal);
        string? block = null;
        foreach (var (text, index) in File.ReadLines(Path.Combine(GeneratedDocs.Root, file)).Select((text, index) => (text, index)))
        {
            if (isMarkdown && text.TrimStart().StartsWith("```", StringComparison.Ordinal))
                block = block is null ? text.Trim() : null;
            if (text.Length > LongestLine && (block is null or "```csharp") && !(isMarkdown && text.StartsWith('|')))
                yield return index + 1;
        }
    }

    private static bool IsAsynchronous(Type type)
        => type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(Task<>) || generic == typeof(ValueTask<>) || generic == typeof(IAsyncEnumerable<>))));

    private static bool IsDelegate(MethodInfo method) => method.DeclaringType!.IsAssignableTo(typeof(Delegate));

    private static bool IsSecret(Type type) => type == typeof(TokenSecret) || type == typeof(SecretSource);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || type.GetMethod(
        "PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is { } print && print.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string Name(MemberInfo member) => $"{member.DeclaringType!.FullName}.{member.Name}";
}
