using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>What all parts of the suite share: each test gets a vendor without tokens and a client.</summary>
[TestFixtureSource(typeof(ConformanceSubject), nameof(ConformanceSubject.Fixtures))]
internal abstract class ConformanceFixture(ConformanceSubject subject)
{
    protected const string Name = "build server";

    protected static readonly TokenOperation[] Operations = Enum.GetValues<TokenOperation>();

    protected static readonly TokenReferenceKinds[] Kinds = Calls.Kinds;

    // Longer than the shortest life that any vendor takes, and shorter than what the credentials live that emulators start with.
    protected static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    private int _issued;

    protected ConformanceSubject Subject => subject;

    protected FakeTimeProvider Clock { get; private set; } = null!;

    protected Stage Stage { get; private set; } = null!;

    protected ITokenClient Client { get; private set; } = null!;

    protected TokenCapabilities Card => Client.Metadata.Capabilities;

    [SetUp]
    public void StartStage()
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        Stage = subject.Start(Clock);
        Stage.Clear();
        Client = Stage.Open();
    }

    [TearDown]
    public void EndStage()
    {
        Client.Dispose();
        Stage.Dispose();
    }

    /// <summary>Whether the card has an operation, by a kind of reference if one is given.</summary>
    protected bool Can(TokenOperation operation, TokenReferenceKinds kind = TokenReferenceKinds.None)
        => Card[operation].Support != OperationSupport.Unsupported && Card[operation].References.HasFlag(kind);

    /// <inheritdoc cref="Calls.AnyKind"/>
    protected TokenReferenceKinds AnyKind(TokenOperation operation) => Card.AnyKind(operation);

    /// <summary>Puts a token into the vendor's store.</summary>
    protected EmulatedToken Issue(Action<EmulatedToken>? with = null)
    {
        var token = subject.NewToken($"{Name} {Next()}");
        with?.Invoke(token);
        subject.Prepare(token);
        return Stage.Add(token);
    }

    /// <summary>A number that no other token of the test has, as text.</summary>
    protected string Next() => Interlocked.Increment(ref _issued).ToString(CultureInfo.InvariantCulture);

    protected bool Shows(TokenMembers member) => subject.Shown.HasFlag(member);

    /// <summary>A client and how it names a token; for <see cref="TokenReferenceKinds.Self"/>, a client that works with that token.</summary>
    protected (ITokenClient Client, TokenReference Reference) Named(EmulatedToken token, TokenReferenceKinds kind)
        => (kind == TokenReferenceKinds.Self ? Stage.Open(token) : Client, Calls.Reference(kind, token));

    /// <inheritdoc cref="Calls.Reference(TokenReferenceKinds, string, TokenSecret, string)"/>
    protected static TokenReference Reference(TokenReferenceKinds kind, string? id, TokenSecret? secret, string? key) => Calls.Reference(kind, id, secret, key);

    /// <summary>Does an operation, whatever it is.</summary>
    protected Task CallAsync(ITokenClient client, TokenOperation operation, TokenReference reference, CancellationToken cancellationToken = default)
        => client.CallAsync(operation, reference, subject.Request(Name, TokenExpiry.After(Lifetime)), $"renamed {Next()}", cancellationToken);

    /// <summary>Does an operation on a token by any kind of reference that it takes.</summary>
    protected Task CallAsync(TokenOperation operation, EmulatedToken token, CancellationToken cancellationToken = default)
    {
        var (client, reference) = Named(token, AnyKind(operation));
        return CallAsync(client, operation, reference, cancellationToken);
    }

    /// <summary>Reads a token's record by any kind of reference.</summary>
    protected Task<ApiToken> GetAsync(EmulatedToken token)
    {
        var (client, reference) = Named(token, AnyKind(TokenOperation.Get));
        return client.GetAsync(reference);
    }

    /// <summary>Asks about a token by any kind of reference.</summary>
    protected Task<TokenValidation> ValidateAsync(EmulatedToken token)
    {
        var (client, reference) = Named(token, AnyKind(TokenOperation.Validate));
        return client.ValidateAsync(reference);
    }

    /// <summary>Holds an operation that the card lacks to what it says.</summary>
    protected void AssertRefused(TokenOperation operation, TokenReferenceKinds kind = TokenReferenceKinds.None)
    {
        // What implements no optional interface has nothing that could be called.
        if (operation is TokenOperation.Suspend or TokenOperation.Resume && Client.GetService<ITokenSuspension>() is null)
        {
            Assert.That(Card[operation].Remark, Is.Not.Empty);
            return;
        }

        var requests = Stage.Requests;
        var refusal = Assert.CatchAsync(async () => await CallAsync(Client, operation, Reference(kind, "1", new TokenSecret("a-secret"), "a-key")));

        Assert.That(refusal, Is.TypeOf<TokenOperationNotSupportedException>());
        var notSupported = (TokenOperationNotSupportedException)refusal!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(notSupported.Operation, Is.EqualTo(operation));
            Assert.That(notSupported.Message, Does.Contain(notSupported.Reason));
            Assert.That(Stage.Requests, Is.EqualTo(requests), "Something was sent.");
            if (Card[operation].Support == OperationSupport.Unsupported)
                Assert.That((notSupported.Reason, notSupported.Alternative), Is.EqualTo((Card[operation].Remark, Card[operation].Alternative)));
            else
                Assert.That(notSupported.Alternative, Does.Contain(Card[operation].References.ToString()));
        }
    }

    /// <summary>Whether the card has a list; where it hasn't, that is held to.</summary>
    protected bool ListsOrRefuses()
    {
        if (!Can(TokenOperation.List))
            AssertRefused(TokenOperation.List);
        return Can(TokenOperation.List);
    }

    /// <summary>Holds a record to the token that the vendor keeps.</summary>
    protected void AssertShown(ApiToken shown, EmulatedToken kept) => AssertShown(shown, kept, subject.Shown);

    /// <summary>Holds the record of a new token to the token that the vendor keeps.</summary>
    protected void AssertIssued(IssuedToken issued, EmulatedToken kept)
    {
        AssertShown(issued.Token, kept, subject.ShownByCreate);
        Assert.That(issued.Secret, Is.EqualTo(kept.Secret));
    }

    private void AssertShown(ApiToken shown, EmulatedToken kept, TokenMembers members)
    {
        bool Shows(TokenMembers member) => members.HasFlag(member);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((shown.Vendor, shown.Connection), Is.EqualTo((Client.Metadata.Vendor, Client.Metadata.Connection)));
            Assert.That(shown.Id, Is.EqualTo(Shows(TokenMembers.Id) ? kept.Id : null));
            Assert.That(shown.Key, Is.EqualTo(Shows(TokenMembers.Key) ? kept.Key : null));
            // Vendors don't tell an empty text from none.
            Assert.That(shown.Name ?? string.Empty, Is.EqualTo((Shows(TokenMembers.Name) ? kept.Name : null) ?? string.Empty));
            Assert.That(shown.Description ?? string.Empty, Is.EqualTo((Shows(TokenMembers.Description) ? kept.Description : null) ?? string.Empty));
            Assert.That(shown.Owner?.Id, Is.EqualTo(Shows(TokenMembers.OwnerId) ? kept.OwnerId : null));
            Assert.That(shown.Scopes.Select(scope => scope.Value), Is.EqualTo(Shows(TokenMembers.Scopes) ? kept.Scopes : []));
            Assert.That(shown.Roles.Select(role => role.Value), Is.EqualTo(Shows(TokenMembers.Roles) ? kept.Roles : []));
            Assert.That(shown.CreatedAt, Is.EqualTo(Shows(TokenMembers.CreatedAt) ? kept.CreatedAt : null));
            Assert.That(shown.ExpiresAt, Is.EqualTo(Shows(TokenMembers.ExpiresAt) ? kept.ExpiresAt : null));
            Assert.That(shown.LastUsedAt, Is.EqualTo(Shows(TokenMembers.LastUsedAt) ? kept.LastUsedAt : null));
        }
    }
}
