using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Connections;

/// <summary>Calls the vendor with a connection's credential, and reads whose token it is. Nothing is changed.</summary>
internal static class ConnectionTest
{
    private const string OwnerField = "owner";
    private const string ExpiryField = "expiresAt";
    private const string RightsField = "scopes";

    /// <summary>Tests a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The row with the result, and the failure; null if the connection works.</returns>
    public static async Task<(ConnectionRow Row, FailureRow? Failure)> RunAsync(
        OpenConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return (await WorkingAsync(connection, cancellationToken), null);
        }
        catch (Exception failure) when (failure is TokenClientException or CliException)
        {
            var row = FailureRow.Of(connection.Vendor, connection.Name, failure);
            return (ConnectionRow.Of(connection) with { Result = row.Kind, Message = row.Message }, row);
        }
    }

    // A page of the list is read if the vendor has one. This also shows whether the credential is allowed to list.
    private static async Task<ConnectionRow> WorkingAsync(OpenConnection connection, CancellationToken cancellationToken)
    {
        var row = ConnectionRow.Of(connection) with { Result = ConnectionRow.Works };
        if (!connection.Can(TokenOperation.List))
        {
            var own = await TokenSweep.OwnAsync(connection, cancellationToken);
            return Describe(row with { Message = own.Owner is { } owner ? $"It is signed in as {owner}." : "It is signed in." }, own);
        }

        var page = await connection.Client.ListAsync(cancellationToken: cancellationToken).AsPages().FirstAsync(cancellationToken);
        row = row with
        {
            Message = $"It can read {(page.Continuation is not null ? "more than one page of tokens"
                : page.Tokens.Count == 1 ? "1 token" : $"{page.Tokens.Count} tokens")}.",
        };
        var get = connection.Capabilities[TokenOperation.Get];
        if (!get.References.HasFlag(TokenReferenceKinds.Self))
            return Unknown(row, $"The vendor's API has no record of this connection's credential. {get.Remark}".TrimEnd());
        try
        {
            return Describe(row, await connection.Client.GetAsync(TokenReference.Self, cancellationToken));
        }
        catch (TokenClientException failure)
        {
            // The list shows that the credential works.
            return Unknown(row, $"The record of its token can't be read. {failure.Message}");
        }
    }

    private static ConnectionRow Unknown(ConnectionRow row, string reason)
        => row with { Unknown = [OwnerField, ExpiryField, RightsField], UnknownReason = reason };

    private static ConnectionRow Describe(ConnectionRow row, ApiToken own)
    {
        var reasons = new List<string>();
        var unreported = new List<string>();
        var unknown = new List<string>();
        Look(OwnerField, "owner", own.Owner is { Name: not null } or { Id: not null }, isUnreadable: false);
        Look(ExpiryField, "expiry", own.NeverExpires || own.ExpiresAt is not null, own.Unreadable.HasFlag(TokenFields.Expiry));
        Look(RightsField, "scopes", own.Scopes.Count + own.Roles.Count > 0, own.Unreadable.HasFlag(TokenFields.Rights));
        if (unreported.Count > 0)
            reasons.Add($"The vendor's record of the token has no {string.Join(", no ", unreported)}.");
        return row with
        {
            Owner = own.Owner is { } owner ? new OwnerRow(owner.Id, owner.Name, owner.Kind) : null,
            ExpiresAt = own.ExpiresAt,
            NeverExpires = unknown.Contains(ExpiryField) ? null : own.NeverExpires,
            Scopes = [.. own.Scopes.Select(scope => scope.Value)],
            Roles = [.. own.Roles.Select(role => role.Value)],
            Unknown = unknown,
            UnknownReason = reasons.Count > 0 ? string.Join(' ', reasons) : null,
        };

        // Rights that can be read are shown even if there are others that can't.
        void Look(string field, string noun, bool isKnown, bool isUnreadable)
        {
            if (isKnown && !isUnreadable)
                return;
            unknown.Add(field);
            if (isUnreadable)
                reasons.Add($"The {noun} that the vendor sent can't be read.");
            else
                unreported.Add(noun);
        }
    }
}
