using System.Globalization;
using Newtonsoft.Json.Linq;
using Tokenwright.Adapters;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <summary>
/// Converts requests to SailPoint's models and checks them against what is documented for the version in the connection's paths.
/// </summary>
internal static class SailPointRequests
{
    private const int ShortestAccess = 15;
    private const int LongestAccess = 43200;
    private const int LongestLifeInMonths = 6;
    private const string NoDescription = "SailPoint's personal access tokens have no description.";
    private const string ExpiryPath = "/expirationDate";
    private const string NeverPath = "/userAwareTokenNeverExpires";
    private const string OnlyExpiry = "SailPoint's bulk update changes the expiry only; update the tokens one by one.";
    private const string NoKey = "SailPoint keeps no key of the caller's own; a token is found by its id or its name.";
    private const string NoRoles = "SailPoint's personal access tokens have scopes in place of roles.";

    public static CreatePersonalAccessTokenRequest ToCreate(
        CreateTokenRequest request, SailPointOptions options, DateTimeOffset now, RequestCheck check)
    {
        var model = check.Raw<CreatePersonalAccessTokenRequest>(request.Raw);
        model.Name = request.Name ?? model.Name;
        model.Scope = request.Scopes?.Select(scope => scope.Value).ToList() ?? model.Scope;

        check.Required(nameof(CreateTokenRequest.Name), model.Name);
        CheckScopes(nameof(CreateTokenRequest.Scopes), model.Scope, check);
        check.Unsupported(nameof(CreateTokenRequest.Description), request.Description, NoDescription);
        check.Unsupported(nameof(CreateTokenRequest.Key), request.Key, NoKey);
        check.Unsupported(nameof(CreateTokenRequest.Roles), request.Roles, NoRoles);
        if (model.AccessTokenValiditySeconds is < ShortestAccess or > LongestAccess)
            check.Add(nameof(CreateTokenRequest.Raw),
                $"accessTokenValiditySeconds is {model.AccessTokenValiditySeconds}; the vendor takes {ShortestAccess} to {LongestAccess}.");

        // The expiry can also be in the vendor's own model. The same rules apply to it.
        var expiry = request.Expiry ?? (model.ExpirationDate is { } date ? TokenExpiry.At(date) : null);
        CheckExpiry(nameof(CreateTokenRequest.Expiry), expiry, options, now, check);
        if (!options.IsFrom2025)
        {
            if (model.UserAwareTokenNeverExpires is not null)
                check.Add(nameof(CreateTokenRequest.Raw),
                    $"userAwareTokenNeverExpires came with v2025; this connection works with {options.ApiVersion}.");
        }
        else if (expiry is null && model.UserAwareTokenNeverExpires != true)
        {
            check.Add(nameof(CreateTokenRequest.Expiry),
                $"It is missing: say when the token ends, or {nameof(TokenExpiry)}.{nameof(TokenExpiry.Never)}.");
        }

        if (request.Expiry is not null && check.Problems.Count == 0)
        {
            model.ExpirationDate = request.Expiry.ToInstant(now);
            model.UserAwareTokenNeverExpires = request.Expiry.IsNever ? true : model.UserAwareTokenNeverExpires;
        }

        return model;
    }

    public static IReadOnlyList<JsonPatchOperation> ToUpdate(
        UpdateTokenRequest request, SailPointOptions options, DateTimeOffset now, RequestCheck check)
    {
        if (request.Name is not null)
            check.Required(nameof(UpdateTokenRequest.Name), request.Name);
        var scopes = request.Scopes?.Select(scope => scope.Value).ToList();
        CheckScopes(nameof(UpdateTokenRequest.Scopes), scopes, check);
        check.Unsupported(nameof(UpdateTokenRequest.Description), request.Description, NoDescription);
        check.Unsupported(nameof(UpdateTokenRequest.Key), request.Key, NoKey);
        if (request.Expiry is not null && !options.IsFrom2025)
            check.Add(nameof(UpdateTokenRequest.Expiry),
                $"It can be changed from v2025 on; this connection works with {options.ApiVersion}.");
        else
            CheckExpiry(nameof(UpdateTokenRequest.Expiry), request.Expiry, options, now, check);

        var operations = new List<JsonPatchOperation>();
        if (request.Name is not null)
            operations.Add(Replace("/name", request.Name));
        if (scopes is not null)
            operations.Add(Replace("/scope", scopes));
        if (request.Expiry is not null && check.Problems.Count == 0)
            operations.AddRange(ToExpiry(request.Expiry, now));
        operations.AddRange(OwnOperations(request.Raw, [.. operations.Select(operation => operation.Path)], check));
        if (operations.Count == 0 && check.Problems.Count == 0)
            check.Add(nameof(UpdateTokenRequest), "There is nothing to change: a name, scopes or an expiry.");
        return operations;
    }

    /// <summary>Converts a request to the change of a bulk update, which is possible for the expiry only.</summary>
    public static IReadOnlyList<JsonPatchOperation> ToBulkUpdate(
        UpdateTokenRequest request, SailPointOptions options, DateTimeOffset now, RequestCheck check)
    {
        check.Unsupported(nameof(UpdateTokenRequest.Name), request.Name, OnlyExpiry);
        check.Unsupported(nameof(UpdateTokenRequest.Scopes), request.Scopes, OnlyExpiry);
        if (request.Scopes is { Count: 0 })
            check.Add(nameof(UpdateTokenRequest.Scopes), OnlyExpiry);
        if (check.Problems.Count > 0)
            return [];
        var operations = ToUpdate(request, options, now, check);
        if (operations.FirstOrDefault(operation => operation.Path is not (ExpiryPath or NeverPath)) is { } other)
            check.Add(nameof(UpdateTokenRequest.Raw), $"{other.Path} can't be changed. {OnlyExpiry}");
        return operations;
    }

    /// <summary>Determines whether operations have the same result if they are sent twice.</summary>
    public static bool AreRepeatable(IEnumerable<JsonPatchOperation> operations)
        => operations.All(operation => operation.Op is "replace" or "test" || (operation is { Op: "remove", Path: ExpiryPath }));

    /// <summary>Formats a time as the vendor does.</summary>
    public static string ToText(DateTimeOffset time)
        => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    // The published schema has no null as a value, so the expiry is removed and not replaced with null.
    private static IReadOnlyList<JsonPatchOperation> ToExpiry(TokenExpiry expiry, DateTimeOffset now)
        => expiry.IsNever
            ? [new() { Op = "remove", Path = ExpiryPath }, Replace(NeverPath, true)]
            : [Replace(ExpiryPath, ToText(expiry.ToInstant(now)!.Value))];

    private static void CheckExpiry(string field, TokenExpiry? expiry, SailPointOptions options, DateTimeOffset now, RequestCheck check)
    {
        if (expiry is { IsNever: true } && !options.IsFrom2025)
            check.Add(field,
                $"Tokens that never expire came with v2025; this connection works with {options.ApiVersion}, where a token lives six " +
                "months at most.");
        else if (expiry?.Lifetime > DateTimeOffset.MaxValue - now)
            check.Add(field, $"It is after the year 9999 ({expiry}).");
        else
            check.Expiry(field, expiry, now, longest: options.IsFrom2025 ? null : now.AddMonths(LongestLifeInMonths) - now);
    }

    private static void CheckScopes(string field, IEnumerable<string>? scopes, RequestCheck check)
    {
        if (scopes?.Any(string.IsNullOrWhiteSpace) == true)
            check.Add(field, "One of them has no text.");
    }

    // The caller's own operations follow those of the request. An operation on a member that the request also changes would be ambiguous.
    private static IEnumerable<JsonPatchOperation> OwnOperations(object? raw, IReadOnlyCollection<string> taken, RequestCheck check)
    {
        if (raw is null)
            yield break;
        if (raw is not IEnumerable<JsonPatchOperation> operations)
        {
            check.Add(nameof(UpdateTokenRequest.Raw),
                $"It must be an {nameof(IEnumerable<JsonPatchOperation>)} of {typeof(JsonPatchOperation).FullName}, not a " +
                $"{raw.GetType().FullName}.");
            yield break;
        }

        foreach (var operation in operations)
        {
            if (string.IsNullOrWhiteSpace(operation?.Op) || string.IsNullOrWhiteSpace(operation.Path))
                check.Add(nameof(UpdateTokenRequest.Raw), "One of the operations lacks its op or its path.");
            else if (taken.Contains(operation.Path))
                check.Add(nameof(UpdateTokenRequest.Raw), $"{operation.Path} is changed by a member of the request already.");
            else
                yield return new() { Op = operation.Op, Path = operation.Path,
                    Value = operation.Value ?? (operation.Op is "add" or "replace" or "test" ? JValue.CreateNull() : null) };
        }
    }

    private static JsonPatchOperation Replace(string path, object value) => new() { Op = "replace", Path = path, Value = value };
}
