namespace Tokenwright;

/// <summary>
/// Provides methods to list, issue, check, change and revoke the API tokens of one connection (one account or tenant at one vendor).
/// </summary>
/// <remarks>
/// <para>
/// All members are safe for concurrent use. <see cref="TokenClientMetadata.Capabilities"/> describes what the vendor supports. A call that
/// the vendor doesn't support throws <see cref="TokenOperationNotSupportedException"/> before anything is sent. No part of a request is
/// silently ignored.
/// </para>
/// <para>
/// Every failure is a <see cref="TokenClientException"/>, with three exceptions: invalid arguments (<see cref="ArgumentException"/>), use
/// after disposal (<see cref="ObjectDisposedException"/>) and cancellation by the caller (<see cref="OperationCanceledException"/>).
/// </para>
/// </remarks>
public interface ITokenClient : IDisposable
{
    /// <summary>Gets the vendor, the connection and the capabilities of this client.</summary>
    TokenClientMetadata Metadata { get; }

    /// <summary>Lists the records of all tokens that the connection has access to, in the vendor's order.</summary>
    /// <param name="query">The filters and options of the list; null for the vendor's default list.</param>
    /// <param name="cancellationToken">The token to cancel every enumeration of the list, even in the middle of a page.</param>
    /// <returns>The list. Nothing is read before it is enumerated: token by token, page by page, or as a whole.</returns>
    /// <exception cref="TokenOperationNotSupportedException">
    /// The vendor has no list, or doesn't support a filter of the query. The call throws, not the enumeration.
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
    /// <exception cref="TokenNotFoundException">The vendor doesn't know the token, or hides it from this caller.</exception>
    /// <exception cref="TokenOperationNotSupportedException">The vendor can't read a token by this kind of reference.</exception>
    /// <example>
    /// <code>
    /// var own = await tokens.GetAsync(TokenReference.Self);
    /// Console.WriteLine($"{own.Name} was created at {own.CreatedAt}");
    /// </code>
    /// </example>
    Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default);

    /// <summary>Issues a new token. At most vendors, its secret is returned only by this call and can't be read again.</summary>
    /// <param name="request">The properties of the new token.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOutcomeUnknownException">The request was sent, but the response was lost. A token may exist.</exception>
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

    /// <summary>Changes the properties of a token that the vendor allows to change. The secret stays the same.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="request">The properties to change. Those that are null stay as they are.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The record after the change.</returns>
    /// <example>
    /// <code>
    /// var changed = await tokens.UpdateAsync(TokenReference.Self, new UpdateTokenRequest { Name = "build server 2" });
    /// </code>
    /// </example>
    Task<ApiToken> UpdateAsync(TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken = default);

    /// <summary>Replaces the secret of a token. The old secret stops working.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOutcomeUnknownException">
    /// The request was sent, but the response was lost. The old secret may no longer work.
    /// </exception>
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

    /// <summary>Determines whether a token works now, and if not, why.</summary>
    /// <param name="reference">The token. Most vendors need its secret for this.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The vendor's verdict. A token that doesn't work is a result, not an exception.</returns>
    /// <example>
    /// <code>
    /// var validation = await tokens.ValidateAsync(TokenReference.Self);
    /// if (!validation.IsActive)
    ///     Console.WriteLine($"{validation.Verdict}: {validation.Reason}");
    /// </code>
    /// </example>
    Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default);

    /// <summary>Revokes a token permanently, as far as the vendor allows it. The result says what the vendor did.</summary>
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
    /// Gets an object behind this interface: the vendor's typed client, an optional interface such as <see cref="ITokenSuspension"/>, or an
    /// inner client of a given type.
    /// </summary>
    /// <param name="serviceType">The type of the object.</param>
    /// <param name="serviceKey">A key that selects one of several objects of the type; null in all other cases.</param>
    /// <returns>The object, or null if there is none.</returns>
    /// <example>
    /// <code>
    /// if (tokens.GetService&lt;ITokenSuspension&gt;() is { } suspension)
    ///     await suspension.SuspendAsync([TokenReference.ById("42")]);
    /// </code>
    /// </example>
    object? GetService(Type serviceType, object? serviceKey = null);
}
