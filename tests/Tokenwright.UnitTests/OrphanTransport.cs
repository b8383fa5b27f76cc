using System.Text.RegularExpressions;
using Tokenwright.Adapters;

namespace Tokenwright.UnitTests;

/// <summary>The SDK's own transport, with actions before and after creates and lists.</summary>
internal sealed class OrphanTransport(OrphanVendor vendor, TimeProvider clock) : DelegatingHandler(VendorConnection.CreateTransport())
{
    private int _lists;

    public Action? BeforeCreate { get; set; }

    /// <summary>Gets or sets an action that gets the number of the list, from 1.</summary>
    public Action<int>? BeforeList { get; set; }

    /// <summary>Gets or sets what to await before a create is sent.</summary>
    public Func<Task>? HoldCreate { get; set; }

    /// <summary>Gets or sets what to await before the response to a create is passed on.</summary>
    public Func<Task>? HoldResponse { get; set; }

    /// <summary>Gets or sets what to call when the response to a create was lost.</summary>
    public Action? AfterLoss { get; set; }

    public Action<HttpResponseMessage>? AfterResponse { get; set; }

    public DateTimeOffset Now() => clock.GetUtcNow();

    /// <summary>Returns whether a request has a method and a path, in which <c>*</c> stands for any text.</summary>
    public static bool Matches(string method, string pattern, string actualMethod, string path)
        => method == actualMethod && Regex.IsMatch(
            path, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isCreate = Is(request, "POST", vendor.CreatePath);
        if (isCreate)
        {
            BeforeCreate?.Invoke();
            await (HoldCreate?.Invoke() ?? Task.CompletedTask);
        }

        if (Is(request, vendor.ListMethod, vendor.ListPath))
            BeforeList?.Invoke(++_lists);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException) when (isCreate)
        {
            AfterLoss?.Invoke();
            throw;
        }

        AfterResponse?.Invoke(response);
        if (isCreate)
            await (HoldResponse?.Invoke() ?? Task.CompletedTask);
        return response;
    }

    private static bool Is(HttpRequestMessage request, string method, string path)
        => Matches(method, path, request.Method.Method, request.RequestUri!.AbsolutePath);
}
