using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>A vendor, and a client whose requests can be watched and held.</summary>
internal sealed record OrphanStage(OrphanVendor Vendor, VendorEmulator Emulator, OrphanTransport Transport, ITokenClient Client)
{
    private readonly int _begin = Emulator.Requests.Count;
    private int _strangers;

    /// <summary>Gets the requests of this stage.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. Emulator.Requests.Skip(_begin)];

    /// <summary>Gets how many creates were sent.</summary>
    public int Creates => Requests.Count(request => OrphanTransport.Matches("POST", Vendor.CreatePath, request.Method, request.Path));

    /// <summary>Gets how many lists were requested.</summary>
    public int Lists
        => Requests.Count(request => OrphanTransport.Matches(Vendor.ListMethod, Vendor.ListPath, request.Method, request.Path));

    /// <summary>Loses the response to a create.</summary>
    /// <param name="isCarriedOut">Whether the vendor carries out the create.</param>
    /// <param name="after">How many creates succeed before.</param>
    public void LoseCreate(bool isCarriedOut = true, int after = 0)
    {
        for (; after > 0; after--)
            Emulator.Faults.Inject(Fault.Delay(TimeSpan.Zero), "POST", Vendor.CreatePath);
        Emulator.Faults.Inject(isCarriedOut ? Fault.Cut() : Fault.Cut().BeforeHandling(), "POST", Vendor.CreatePath);
    }

    /// <summary>Adds another user's token, which shows the same name as the created one.</summary>
    /// <param name="change">Changes the token, so that it differs from the created one.</param>
    public EmulatedToken AddStranger(Action<EmulatedToken>? change = null)
    {
        // Vendors refuse a second token of a name, so the names that the emulator compares differ.
        var token = Vendor.Like(Transport.Now());
        token.Name = $"stranger {++_strangers}";
        token.Extra = new() { ["name"] = OrphanVendor.Name };
        change?.Invoke(token);
        return Emulator.Add(token);
    }

    /// <summary>Makes the vendor accept the name again, although its tokens show it.</summary>
    public void FreeName()
    {
        foreach (var token in Emulator.Tokens.Where(token => token.Name == OrphanVendor.Name))
            (token.Name, token.Extra) = ($"shown as {OrphanVendor.Name}", new() { ["name"] = OrphanVendor.Name });
    }
}
