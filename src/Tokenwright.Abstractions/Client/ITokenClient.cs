namespace Tokenwright;

/// <summary>
/// Lists, issues, checks, changes and revokes the API tokens of one connection (one account or tenant at one vendor).
/// </summary>
/// <remarks>
/// <para>
/// All members are safe for concurrent use. What a vendor can't do is said beforehand by <see cref="TokenClientMetadata.Capabilities"/>
/// and throws <see cref="TokenOperationNotSupportedException"/> before anything is sent; nothing is silently left out.
/// </para>
/// <para>
/// Every failure is a <see cref="TokenClientException"/>, save wrong arguments (<see cref="ArgumentException"/>), use after
/// disposal (<see cref="ObjectDisposedException"/>) and the caller's own cancellation (<see cref="OperationCanceledException"/>).
/// </para>
/// </remarks>
public interface ITokenClient : IDisposable
{
    /// <summary>Gets which vendor and connection this is, and what can be done with its tokens.</summary>
    TokenClientMetadata Metadata { get; }

    /// <summary>Lists the records of all tokens that the connection may see, in the vendor's order.</summary>
    /// <param name="query">What to list and how; null lists what the vendor lists by default.</param>
    /// <param name="cancellationToken">The token to cancel every enumeration of the list, also in the middle of a page.</param>
    /// <returns>The list, of which nothing is read yet: it is read token by token, page by page, or as a whole.</returns>
    /// <exception cref="TokenOperationNotSupportedException">
    /// The vendor has no list, or the query asks for a filter that it doesn't have. Thrown by the call, not by the enumeration.
    /// </exception>
    /// <example>
    /// <code>
    /// await foreach (var token in tokens.ListAsync(new TokenQuery { OwnOnly = true }))
    ///     Console.WriteLine($"{token.Name} expires at {token.ExpiresAt}");
    /// </code>
    /// </example>
    AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the record of one token.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenNotFoundException">The vendor doesn't know the token, or doesn't show it to this caller.</exception>
    /// <exception cref="TokenOperationNotSupportedException">The vendor can't read a token named in this way.</exception>
    /// <example>
    /// <code>
    /// var own = await tokens.GetAsync(TokenReference.Self);
    /// Console.WriteLine($"{own.Name} was created at {own.CreatedAt}");
    /// </code>
    /// </example>
    Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default);

    /// <summary>Issues a new token. Its secret is handed out here and can't, at most vendors, be read again.</summary>
    /// <param name="request">What to issue.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOutcomeUnknownException">The request left but no response came: a token may exist.</exception>
    /// <example>
    /// <code>
    /// var issued = await tokens.CreateAsync(new CreateTokenRequest
    /// {
    ///     Name = "build server",
    ///     Scopes = [new("sp:scopes:default")],
    ///     Expiry = TokenExpiry.After(TimeSpan.FromDays(30)),
    /// });
    /// var secret = issued.Secret.Reveal(); // It can't be read again: store it now.
    /// </code>
    /// </example>
    Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default);

    /// <summary>Changes what the vendor lets be changed of a token, without touching its secret.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="request">The members to change; those left null stay as they are.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The record as it stands after the change.</returns>
    /// <example>
    /// <code>
    /// var changed = await tokens.UpdateAsync(TokenReference.Self, new UpdateTokenRequest { Name = "build server 2" });
    /// </code>
    /// </example>
    Task<ApiToken> UpdateAsync(TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken = default);

    /// <summary>Gives a token a new secret; the old one stops working.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOutcomeUnknownException">The request left but no response came: the old secret may be dead.</exception>
    /// <example>
    /// <code>
    /// if (tokens.Metadata.Capabilities[TokenOperation.Regenerate].Support != OperationSupport.Unsupported)
    /// {
    ///     var issued = await tokens.RegenerateAsync(TokenReference.ById("42"));
    ///     var secret = issued.Secret.Reveal(); // The old secret stops working: store the new one now.
    /// }
    /// </code>
    /// </example>
    Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken = default);

    /// <summary>Asks the vendor whether a token works now, and if not, why.</summary>
    /// <param name="reference">The token. Most vendors need its secret for this.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The vendor's verdict; a token that doesn't work is a result, not an exception.</returns>
    /// <example>
    /// <code>
    /// var validation = await tokens.ValidateAsync(TokenReference.Self);
    /// if (!validation.IsActive)
    ///     Console.WriteLine($"{validation.Verdict}: {validation.Reason}");
    /// </code>
    /// </example>
    Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default);

    /// <summary>Makes a token stop working for good, as far as the vendor can; the result says what it did.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <example>
    /// <code>
    /// var now = TimeProvider.System.GetUtcNow();
    /// foreach (var token in await tokens.ListAsync().ToListAsync())
    /// {
    ///     if (token.ExpiresAt &lt; now)
    ///         await tokens.RevokeAsync(TokenReference.ById(token.Id!));
    /// }
    /// </code>
    /// </example>
    Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reaches what lies behind the facade: the vendor's typed client, an optional interface such as <see cref="ITokenSuspension"/>,
    /// or an inner client of a given type.
    /// </summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Narrows the search where one type is there more than once; null elsewhere.</param>
    /// <returns>The object, or null if there is none.</returns>
    /// <example>
    /// <code>
    /// if (tokens.GetService&lt;ITokenSuspension&gt;() is { } suspension)
    ///     await suspension.SuspendAsync([TokenReference.ById("42")]);
    /// </code>
    /// </example>
    object? GetService(Type serviceType, object? serviceKey = null);
}
