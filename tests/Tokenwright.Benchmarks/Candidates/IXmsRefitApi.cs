using Refit;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The service as a Refit interface.</summary>
internal interface IXmsRefitApi
{
    // A string, because Refit writes a Boolean as True.
    [Get("/access-tokens/")]
    Task<JsonTokenPage> ListAsync(int limit, int offset, string all);

    [Get("/access-tokens/{id}")]
    Task<JsonTokenEnvelope> GetAsync(long id);

    [Post("/access-tokens/")]
    Task<JsonTokenEnvelope> CreateAsync([Body] JsonCreateEnvelope body);
}
