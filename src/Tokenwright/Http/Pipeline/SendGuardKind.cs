namespace Tokenwright.Http;

/// <summary>Specifies how a transport is prevented from sending a request twice if that could do harm.</summary>
internal enum SendGuardKind
{
    /// <summary>The transport is the framework's, which doesn't repeat requests that have a body.</summary>
    None,

    /// <summary>A custom transport gets bodies that it can send only once.</summary>
    Content,

    /// <summary>There are guards below each handler of the program, and each attempt has a permit.</summary>
    Permits,
}
