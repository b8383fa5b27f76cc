namespace Tokenwright.Testing;

/// <summary>An emulator: a server on loopback that answers as a vendor does, on the vendor's documented example data.</summary>
public abstract class VendorEmulator : VendorServer
{
    /// <summary>Starts the emulator.</summary>
    /// <param name="vendor">The vendor's name as this SDK writes it.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="timeProvider">The emulator's clock; null for the system's.</param>
    protected VendorEmulator(string vendor, int port, TimeProvider? timeProvider)
        : base(port)
    {
        Vendor = vendor;
        Clock = timeProvider ?? TimeProvider.System;
    }

    /// <summary>The vendor's name.</summary>
    public string Vendor { get; }

    /// <summary>
    /// The options of a connection to this emulator, by their names: its address and a credential that works. Ready to be put into
    /// configuration.
    /// </summary>
    public abstract IReadOnlyDictionary<string, string> ConnectionSettings { get; }

    /// <summary>The emulator's clock.</summary>
    protected TimeProvider Clock { get; }

    /// <summary>Answers requests that carry the right credential, and refuses the others.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> in it stands for any text.</param>
    /// <param name="answer">Makes the answer for requests that are let in.</param>
    protected void OnAuthenticated(string method, string path, Func<ReceivedRequest, VendorAnswer> answer)
        => On(method, path, request => Refuse(request) ?? answer(request));

    /// <summary>Checks a request's credential.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The vendor's refusal; null lets the request in.</returns>
    protected abstract VendorAnswer? Refuse(ReceivedRequest request);
}
