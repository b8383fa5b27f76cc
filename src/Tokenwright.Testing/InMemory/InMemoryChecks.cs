using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tokenwright.Testing;

/// <summary>Checks requests against the capabilities, and creates the exceptions for refusals.</summary>
internal sealed class InMemoryChecks(TokenClientMetadata metadata, TimeProvider clock)
{
    public void Require(TokenOperation operation, IReadOnlyList<TokenReference> references)
    {
        var capability = metadata.Capabilities[operation];
        if (capability.Support == OperationSupport.Unsupported)
            throw NotSupported(operation, capability.Remark!, capability.Alternative);
        foreach (var reference in references)
        {
            ArgumentNullException.ThrowIfNull(reference);
            if (!capability.References.HasFlag(reference.Kind))
                throw NotSupported(operation, $"{metadata.Vendor} can't {Word(operation)} a token named by {reference.Kind}.",
                    $"Use one of: {capability.References}.");
        }
    }

    public void Require(TokenQuery query)
    {
        Require(TokenOperation.List, []);
        var missing = query.Filters & ~metadata.Capabilities.Filters;
        if (missing != 0)
            throw NotSupported(TokenOperation.List, $"The list has no filter for {missing}.", "List without it and filter the result.");
        if (query.PageSize is { } size && (size < 1 || size > metadata.Capabilities.Limits.MaxPageSize))
            throw new ArgumentOutOfRangeException(
                nameof(query), size, $"{nameof(TokenQuery.PageSize)} must be from 1 to {metadata.Capabilities.Limits.MaxPageSize}.");
    }

    public TokenInvalidRequestException InvalidRequest(TokenOperation operation, IReadOnlyList<TokenRequestProblem> problems)
        => new(Sentence(
            operation, $"The request is wrong. {string.Join(" ", problems.Select(problem => $"{problem.Field}: {problem.Message}"))}"),
            Failure(operation)) { Problems = problems };

    public string Sentence(TokenOperation operation, string text)
        => $"{metadata.Vendor} connection '{metadata.Connection}', {Word(operation)}: {text}".TrimEnd();

    public TokenFailure Failure(TokenOperation operation)
        => new() { Vendor = metadata.Vendor, Connection = metadata.Connection, Operation = operation };

    public List<TokenRequestProblem> Problems(CreateTokenRequest request)
    {
        var problems = Problems(request.Name, request.Key, request.Expiry, request.Raw);
        if (metadata.Capabilities.RequiresIdToken != request.IdToken is not null)
            problems.Add(new(nameof(CreateTokenRequest.IdToken), request.IdToken is null ? "It is missing." : "The vendor accepts none."));
        if (request.Expiry is null)
            problems.Add(new(nameof(CreateTokenRequest.Expiry), "It is missing; say when the token ends, or TokenExpiry.Never."));
        return problems;
    }

    public List<TokenRequestProblem> Problems(UpdateTokenRequest request)
    {
        var problems = Problems(request.Name, request.Key, request.Expiry, request.Raw);
        if (request.Expiry is not null && !metadata.Capabilities.ExpiryCanBeChanged)
            problems.Add(new(nameof(UpdateTokenRequest.Expiry), "The vendor doesn't change the expiry of a token."));
        return problems;
    }

    private List<TokenRequestProblem> Problems(string? name, string? key, TokenExpiry? expiry, object? raw)
    {
        var problems = new List<TokenRequestProblem>();
        var limits = metadata.Capabilities.Limits;
        if (name is not null && string.IsNullOrWhiteSpace(name))
            problems.Add(new(nameof(CreateTokenRequest.Name), "It is empty."));
        AddText(nameof(CreateTokenRequest.Name), name, limits.MaxNameLength, limits.NamePattern);
        AddText(nameof(CreateTokenRequest.Key), key, limits.MaxKeyLength, limits.KeyPattern);
        if (expiry?.ToLifetime(clock.GetUtcNow()) is { } lifetime)
        {
            if (!metadata.Capabilities.TokensCanExpire)
                problems.Add(new(nameof(CreateTokenRequest.Expiry), "The vendor's tokens never expire; say TokenExpiry.Never."));
            else if (lifetime <= TimeSpan.Zero)
                problems.Add(new(nameof(CreateTokenRequest.Expiry), $"It is in the past ({expiry})."));
            else if (lifetime < limits.MinLifetime || lifetime > limits.MaxLifetime)
                problems.Add(new(nameof(CreateTokenRequest.Expiry),
                    $"The lifetime would be {lifetime}; the limits are {limits.MinLifetime} and {limits.MaxLifetime}."));
        }

        if (raw is not null)
            problems.Add(new(nameof(CreateTokenRequest.Raw), "This client has no typed client, so it accepts no model."));
        return problems;

        void AddText(string field, string? text, int? longest, string? pattern)
        {
            if (text?.Length > longest)
                problems.Add(new(field, $"It has {text.Length} characters; the vendor takes {longest}."));
            else if (text is not null && pattern is not null && !Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
                problems.Add(new(field, $"It doesn't match {pattern}."));
        }
    }

    private TokenOperationNotSupportedException NotSupported(TokenOperation operation, string reason, string? alternative)
        => new(Sentence(operation, $"not supported. {reason} {alternative}"), Failure(operation))
            { Reason = reason, Alternative = alternative };

    private static string Word(TokenOperation operation)
        => JsonNamingPolicy.SnakeCaseLower.ConvertName(operation.ToString()).Replace('_', ' ');
}
