using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Emulates the login and logout, and the sessions.</summary>
internal sealed class XmsSessions(XmsEmulator emulator)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly Dictionary<string, DateTimeOffset> _ends = new(StringComparer.Ordinal);

    public bool IsActive(string session) => _ends.TryGetValue(session, out var end) && emulator.Now < end;

    // The response is a recorded one, with times of the emulator's clock in the server's form. The documents have 400 and 401 for a failed
    // login, but it isn't known which one applies when.
    public VendorResponse Login(ReceivedRequest request)
    {
        if (EmulatorJson.Object(request)?["auth"] is not JsonObject auth
            || EmulatorJson.Text(auth["name"]) is not { } name || EmulatorJson.Text(auth["password"]) is not { } password)
            return VendorResponse.Empty(400);
        if (name is not ("admin" or "admin@example.com") || password != XmsEmulator.Password.Reveal())
            return VendorResponse.Empty(401);

        // No source says how a missing or wrong code is refused. The members are those of the vendor's stored error records.
        if (emulator.VerificationCode is { } code && EmulatorJson.Text(auth["verification_code"]) != code)
            return VendorResponse.Json(401, """{"code":"EmulatedLoginRefused","message":"The login requires a verification code."}""");

        var now = emulator.Now;
        var session = $"5e55{_ends.Count + 1:x28}";
        _ends.Add(session, now + Life);
        return VendorResponse.Json(201, $$$"""
            {"token":{"create":"{{{XmsEmulator.Nanoseconds(now)}}}","expires":"{{{XmsEmulator.Nanoseconds(now + Life)}}}","roles":["admin"],
            "uuid":"{{{session}}}","valid":true,
             "user":{"create":"2020-05-28T03:40:52.284746Z","email":"admin@example.com","enabled":true,"external_id":"",
             "id":{{{XmsEmulator.OwnUserId}}},"identity_platform":null,
             "name":"{{{XmsEmulator.Username}}}","password_last_update":"2020-05-28T03:40:52.284749Z","roles":null}
            }}
            """);
    }

    // Ends the session that authenticates the call. It isn't known what a call with an access token gets. Here it is 404, which is
    // documented, because there is no session.
    public VendorResponse Logout(string credential)
    {
        if (!_ends.ContainsKey(credential))
            return VendorResponse.Empty(404);

        // The session is kept as expired, so that no later session gets its name.
        _ends[credential] = DateTimeOffset.MinValue;
        return VendorResponse.Empty(204);
    }
}
