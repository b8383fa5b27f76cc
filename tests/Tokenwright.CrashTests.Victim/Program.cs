// A program that issues tokens safely. The crash tests kill it while it does.
//
// It reads its job from the first line of its input, prints "ready", and waits for "go". Then it resolves what an earlier run left behind,
// issues its tokens, prints "done", and waits until it is killed. For each resolved create, it also prints a line of JSON.

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
