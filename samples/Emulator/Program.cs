// Runs the emulator of one vendor, so that any client can be pointed at it.
//
//   dotnet run --project samples/Emulator -- sailpoint --port 5101
//   dotnet run --project samples/Emulator -- fimidara --behaviour documented
//
// Prints one line of JSON (vendor, baseUrl, and a credential that works there) and serves until it is stopped with Ctrl+C or SIGTERM.
// Exit status: 0 when stopped, 2 if the arguments are wrong or the port is taken.

using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tokenwright.Testing;

var starts = new Dictionary<string, Func<EmulatorOptions, VendorEmulator>>(StringComparer.OrdinalIgnoreCase)
{
    ["extremecloudiq"] = options => new ExtremeCloudIQEmulator(options),
    ["fimidara"] = options => new FimidaraEmulator(options),
    ["sailpoint"] = options => new SailPointEmulator(options),
    ["vmwarecloud"] = options => new VMwareCloudEmulator(options),
    ["xms"] = options => new XmsEmulator(options),
};

if (args.Length == 0 || !starts.TryGetValue(args[0], out var start))
    return Wrong($"Name a vendor: {string.Join(", ", starts.Keys)}.");

var port = 0;
var behaviour = EmulatorBehaviour.Live;
for (var i = 1; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : null;
    var understood = args[i] switch
    {
        "--port" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue,
        "--behaviour" => Enum.TryParse(value, ignoreCase: true, out behaviour) && Enum.IsDefined(behaviour),
        _ => false,
    };
    if (!understood)
        return Wrong($"'{args[i]} {value}' is not understood; known are --port NUMBER and --behaviour live|documented.");
}

try
{
    using var emulator = start(new EmulatorOptions { Port = port, Behaviour = behaviour });
    var stopped = new TaskCompletionSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        vendor = args[0].ToLowerInvariant(),
        baseUrl = emulator.ConnectionSettings["BaseAddress"].TrimEnd('/'),
        credential = emulator.ConnectionSettings.Where(setting => setting.Key != "BaseAddress")
            .ToDictionary(setting => JsonNamingPolicy.CamelCase.ConvertName(setting.Key), setting => setting.Value),
    }));
    await stopped.Task;
    return 0;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopped.TrySetResult();
    }
}
catch (SocketException exception)
{
    return Wrong($"Port {port} can't be used: {exception.Message}");
}

static int Wrong(string problem)
{
    Console.Error.WriteLine(problem);
    return 2;
}
