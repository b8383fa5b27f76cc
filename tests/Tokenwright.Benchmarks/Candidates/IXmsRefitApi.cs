using Refit;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The service as Refit takes it.</summary>
internal interface IXmsRefitApi
{
    // As a text: Refit writes a truth value as True.
    [Get("/access-tokens/")]
    Task<JsonTokenPage> ListAsync(int limit, int offset, string all);

    [Get("/access-tokens/{id}")]
    Task<JsonTokenEnvelope> GetAsync(long id);

    [Post("/access-tokens/")]
    Task<JsonTokenEnvelope> CreateAsync([Body] JsonCreateEnvelope body);
}
