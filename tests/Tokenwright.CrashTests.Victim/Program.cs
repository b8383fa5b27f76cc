// A program that issues tokens as a careful one does, and is killed by the crash tests while it is at it.
//
// It reads its job from the first line of its input, says "ready", waits for "go", finds out what an earlier run left behind, issues its
// tokens, says "done", and lives on until it is killed. What it finds out is written to its output too, a line of JSON for each create.

using System.Text.Json;
using Tokenwright;
using Tokenwright.CrashTests.Victim;

var job = JsonSerializer.Deserialize<Job>(Console.ReadLine()!)!;
using var client = job.Connect();
var issuer = job.Issuer(client);
Console.WriteLine("ready");
if (Console.ReadLine() != "go")
    return 2;

await issuer.RecoverAsync(recovered => Console.WriteLine(JsonSerializer.Serialize(new ReportedCreate(recovered))));
foreach (var name in job.Names)
{
    try
    {
        await issuer.IssueAsync(name);
    }
    catch (TokenClientException failure)
    {
        Console.WriteLine(failure.Message);
    }
}

Console.WriteLine("done");
Console.ReadLine();
return 0;
