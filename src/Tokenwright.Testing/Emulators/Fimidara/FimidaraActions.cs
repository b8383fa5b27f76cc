namespace Tokenwright.Testing;

/// <summary>Specifies what a permission group of the <see cref="FimidaraEmulator"/> grants to a token.</summary>
[Flags]
public enum FimidaraActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Create tokens.</summary>
    Create = 1,

    /// <summary>Read and list tokens. Updates of program access tokens also require only this.</summary>
    Read = 2,

    /// <summary>Change tokens.</summary>
    Update = 4,

    /// <summary>Delete tokens.</summary>
    Delete = 8,

    /// <summary>All actions, which an administrator's group grants.</summary>
    All = Create | Read | Update | Delete,
}
