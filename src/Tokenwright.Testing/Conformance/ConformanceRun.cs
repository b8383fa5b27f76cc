using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace Tokenwright.Testing.Conformance;

/// <summary>Provides a base class for cases. Each case has a vendor without tokens, and a client.</summary>
internal abstract class ConformanceRun : IDisposable
{
    protected const string Name = "build server";

    protected static readonly TokenOperation[] Operations = Enum.GetValues<TokenOperation>();

    protected static readonly TokenReferenceKinds[] Kinds = Calls.Kinds;

    // This is longer than the minimum lifetime of any vendor, and shorter than the lifetime of the emulators' credentials.
    protected static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    private int _issued;

    protected ConformanceRun(ConformanceSubject subject)
    {
        Subject = subject;
        Stage = subject.Start(Clock);
        Stage.Clear();
        Client = Stage.Open();
    }

    protected ConformanceSubject Subject { get; }

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    protected ConformanceStage Stage { get; }

    protected ITokenClient Client { get; }

    protected TokenCapabilities Capabilities => Client.Metadata.Capabilities;

    public void Dispose()
    {
        Client.Dispose();
        Stage.Dispose();
    }

    /// <summary>Determines whether the capabilities include an operation, by a kind of reference if one is given.</summary>
    protected bool Can(TokenOperation operation, TokenReferenceKinds kind = TokenReferenceKinds.None)
        => Capabilities[operation].Support != OperationSupport.Unsupported && Capabilities[operation].References.HasFlag(kind);

    /// <summary>Gets the vendor's token that a create issued.</summary>
    protected EmulatedToken Kept(IssuedToken issued) => Stage.Tokens.Single(token => issued.Secret.Equals(token.Secret));

    /// <inheritdoc cref="Calls.AnyKind"/>
    protected TokenReferenceKinds AnyKind(TokenOperation operation) => Capabilities.AnyKind(operation);

    /// <summary>Adds a token to the vendor.</summary>
    protected EmulatedToken Issue(Action<EmulatedToken>? with = null)
    {
        var token = Subject.NewToken($"{Name} {Next()}");
        with?.Invoke(token);
        Subject.Prepare(token);
        return Stage.Add(token);
    }

    /// <summary>Gets a number, as text, that no other token of the case has.</summary>
    protected string Next() => Interlocked.Increment(ref _issued).ToString(CultureInfo.InvariantCulture);

    protected bool Shows(TokenMembers member) => Subject.Shown.HasFlag(member);

    /// <summary>
    /// Gets a client and its reference to a token. For <see cref="TokenReferenceKinds.Self"/>, the client uses that token itself.
    /// </summary>
    protected (ITokenClient Client, TokenReference Reference) Named(EmulatedToken token, TokenReferenceKinds kind)
        => (kind == TokenReferenceKinds.Self ? Stage.Open(token) : Client, Calls.Reference(kind, token));

    /// <inheritdoc cref="Calls.Reference(TokenReferenceKinds, string, TokenSecret, string)"/>
    protected static TokenReference Reference(TokenReferenceKinds kind, string? id, TokenSecret? secret, string? key)
        => Calls.Reference(kind, id, secret, key);

    /// <summary>Calls any operation.</summary>
    protected Task CallAsync(
        ITokenClient client, TokenOperation operation, TokenReference reference, CancellationToken cancellationToken = default)
        => client.CallAsync(
            operation, reference, Subject.Request(Name, TokenExpiry.After(Lifetime)), $"renamed {Next()}", cancellationToken);

    /// <summary>Calls an operation on a token, by a kind of reference that the operation accepts.</summary>
    protected Task CallAsync(TokenOperation operation, EmulatedToken token, CancellationToken cancellationToken = default)
    {
        var (client, reference) = Named(token, AnyKind(operation));
        return CallAsync(client, operation, reference, cancellationToken);
    }

    /// <summary>Reads a token's record, by a kind of reference that the operation accepts.</summary>
    protected Task<ApiToken> GetAsync(EmulatedToken token)
    {
        var (client, reference) = Named(token, AnyKind(TokenOperation.Get));
        return client.GetAsync(reference);
    }

    /// <summary>Validates a token, by a kind of reference that the operation accepts.</summary>
    protected Task<TokenValidation> ValidateAsync(EmulatedToken token)
    {
        var (client, reference) = Named(token, AnyKind(TokenOperation.Validate));
        return client.ValidateAsync(reference);
    }

    /// <summary>Checks that an unsupported operation is refused as the capabilities say.</summary>
    protected async Task AssertRefused(TokenOperation operation, TokenReferenceKinds kind = TokenReferenceKinds.None)
    {
        // Without the optional interface, there is no method to call.
        if (operation is TokenOperation.Suspend or TokenOperation.Resume && Client.GetService<ITokenSuspension>() is null)
        {
            await AssertMissing<ITokenSuspension>(operation);
            return;
        }

        if (operation == TokenOperation.BulkUpdate && Client.GetService<ITokenBulkUpdate>() is null)
        {
            await AssertMissing<ITokenBulkUpdate>(operation);
            return;
        }

        var requests = Stage.Requests;
        var refusal =
            await Expect.Thrown(async () => await CallAsync(Client, operation, Reference(kind, "1", new TokenSecret("a-secret"), "a-key")));

        Expect.OfType(refusal, typeof(TokenOperationNotSupportedException));
        var notSupported = (TokenOperationNotSupportedException)refusal!;
        Expect.Equal(notSupported.Operation, operation);
        Expect.True(notSupported.Message.Contains(notSupported.Reason, StringComparison.Ordinal));
        Expect.Equal(Stage.Requests, requests, "Something was sent.");
        if (Capabilities[operation].Support == OperationSupport.Unsupported)
            Expect.Equal(
                (notSupported.Reason, notSupported.Alternative), (Capabilities[operation].Remark, Capabilities[operation].Alternative));
        else
            Expect.True(
                notSupported.Alternative?.Contains(Capabilities[operation].References.ToString(), StringComparison.Ordinal) == true);
    }

    /// <summary>Checks that a request is refused before anything is sent, and that the problems name the right properties.</summary>
    protected async Task AssertProblems(Func<Task> call, Predicate<IReadOnlyList<string?>> areAll)
    {
        var requests = Stage.Requests;
        var refusal = await Expect.Thrown(call);
        Expect.OfType(refusal, typeof(TokenInvalidRequestException));
        var problems = ((TokenInvalidRequestException)refusal!).Problems;
        Expect.True(areAll([.. problems.Select(problem => problem.Field)]), $"The reported problems are: {refusal!.Message}");
        Expect.True(problems.All(problem => problem.Message.Length > 0));
        Expect.Equal(Stage.Requests, requests, "Something was sent.");
    }

    private async Task AssertMissing<T>(TokenOperation operation)
        where T : class
    {
        Expect.True(!string.IsNullOrEmpty(Capabilities[operation].Remark));
        Expect.True(Client is not T, $"It is an {typeof(T).Name} that GetService doesn't return.");
        await Expect.Throws<TokenOperationNotSupportedException>(() => CallOf(() => Client.GetRequiredService<T>()));
    }

    /// <summary>Determines whether the capabilities include a list. If not, checks that a list is refused.</summary>
    protected async Task<bool> ListsOrRefuses()
    {
        if (!Can(TokenOperation.List))
            await AssertRefused(TokenOperation.List);
        return Can(TokenOperation.List);
    }

    /// <summary>Creates a task from a call that can only throw synchronously.</summary>
    protected static Task CallOf(Action call)
    {
        call();
        return Task.CompletedTask;
    }

    /// <summary>Compares a record with the vendor's token.</summary>
    protected void AssertShown(ApiToken shown, EmulatedToken kept) => AssertShown(shown, kept, Subject.Shown);

    /// <summary>Compares the record of a new token with the vendor's token.</summary>
    protected void AssertIssued(IssuedToken issued, EmulatedToken kept)
    {
        AssertShown(issued.Token, kept, Subject.ShownByCreate);
        Expect.Equal(issued.Secret, kept.Secret);
    }

    private void AssertShown(ApiToken shown, EmulatedToken kept, TokenMembers members)
    {
        bool Shows(TokenMembers member) => members.HasFlag(member);
        Expect.Equal((shown.Vendor, shown.Connection), (Client.Metadata.Vendor, Client.Metadata.Connection));
        Expect.Equal(shown.Id, Shows(TokenMembers.Id) ? kept.Id : null);
        Expect.Equal(shown.Key, Shows(TokenMembers.Key) ? kept.Key : null);
        // Vendors don't distinguish an empty text from a missing one.
        Expect.Equal(shown.Name ?? string.Empty, (Shows(TokenMembers.Name) ? kept.Name : null) ?? string.Empty);
        Expect.Equal(shown.Description ?? string.Empty, (Shows(TokenMembers.Description) ? kept.Description : null) ?? string.Empty);
        Expect.Equal(shown.Owner?.Id, Shows(TokenMembers.OwnerId) ? kept.OwnerId : null);
        Expect.Equal(shown.Scopes.Select(scope => scope.Value), Shows(TokenMembers.Scopes) ? kept.Scopes : []);
        Expect.Equal(shown.Roles.Select(role => role.Value), Shows(TokenMembers.Roles) ? kept.Roles : []);
        Expect.Equal(shown.CreatedAt, Shows(TokenMembers.CreatedAt) ? kept.CreatedAt : null);
        Expect.Equal(shown.ExpiresAt, Shows(TokenMembers.ExpiresAt) ? kept.ExpiresAt : null);
        Expect.Equal(shown.LastUsedAt, Shows(TokenMembers.LastUsedAt) ? kept.LastUsedAt : null);
    }
}
