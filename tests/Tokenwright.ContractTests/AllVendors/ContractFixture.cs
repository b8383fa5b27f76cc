using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>
/// The base of the contract tests of an adapter: a stub of the vendor and a client connected to it. Each test gets new ones.
/// </summary>
internal abstract class ContractFixture<TClient, TOptions>
    where TClient : class, ITokenClient
    where TOptions : ConnectionOptions
{
    protected static readonly (string, string) AcceptJson = ("Accept", "application/json");
    protected static readonly (string, string) Json = ("Content-Type", "application/json");
    protected static readonly (string, string) Form = ("Content-Type", "application/x-www-form-urlencoded");

    // The generated clients send a content type with an empty body too (X13).
    protected static readonly (string, string) EmptyJson = ("Content-Type", "application/json; charset=utf-8");

    protected FakeTimeProvider _clock = null!;
    protected VendorServer _vendor = null!;
    protected TOptions _options = null!;
    protected TClient _client = null!;

    /// <summary>Gets the names of the vendor and of the connection.</summary>
    protected abstract (string Vendor, string Connection) Names { get; }

    protected virtual DateTimeOffset StartedAt => new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    [SetUp]
    public void OpenConnection()
    {
        _clock = new FakeTimeProvider(StartedAt);
        _vendor = new VendorServer();
        Prepare();
        _options = NewOptions();
        _client = Open(_options);
    }

    [TearDown]
    public void CloseConnection()
    {
        _client.Dispose();
        _vendor.Dispose();
    }

    /// <summary>Configures the stub's default responses.</summary>
    protected virtual void Prepare()
    {
    }

    protected abstract TOptions NewOptions();

    protected abstract TClient Open(TOptions options);

    protected TClient Client(Action<TOptions>? change = null)
    {
        var options = NewOptions();
        change?.Invoke(options);
        return Open(options);
    }

    protected TTyped Typed<TTyped>() => (TTyped)_client.GetService(typeof(TTyped))!;

    /// <summary>Configures the stub's response to a request from now on.</summary>
    protected void Respond(string method, string path, string json, int status = 200)
        => _vendor.On(method, path, VendorResponse.Json(status, json));

    /// <summary>Asserts that a request is refused before anything is sent.</summary>
    protected TokenInvalidRequestException Refused(Func<Task> call)
    {
        var exception = Assert.ThrowsAsync<TokenInvalidRequestException>(() => call())!;
        Assert.That(exception.Status, Is.Null);
        Assert.That(_vendor.Requests, Is.Empty);
        return exception;
    }

    /// <summary>Asserts that a request is refused before anything is sent, and returns the invalid fields.</summary>
    protected List<string?> RefusedFields(Func<Task> call) => [.. Refused(call).Problems.Select(problem => problem.Field)];

    /// <summary>Asserts the exception for a vendor's error with <c>Retry-After: 7</c>.</summary>
    protected void AssertFailure(
        TokenClientException exception, TokenOperation operation, int status, Type type, (string? Code, string? Message, string? Id) vendor)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.TypeOf(type));
            Assert.That(
                (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo((Names.Vendor, Names.Connection, operation)));
            Assert.That(exception.Status, Is.EqualTo((HttpStatusCode)status));
            Assert.That((exception.VendorErrorCode, exception.VendorMessage, exception.VendorRequestId), Is.EqualTo(vendor));
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(exception.IsTransient, Is.EqualTo(status is 429 or 500 or 503));
        }
    }
}
