namespace Tokenwright;

/// <summary>Specifies the properties of <see cref="TokenQuery"/> that not every vendor supports.</summary>
[Flags]
public enum TokenQueryFilters
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="TokenQuery.OwnerId"/>.</summary>
    OwnerId = 1,

    /// <summary><see cref="TokenQuery.OwnOnly"/>.</summary>
    OwnOnly = 2,

    /// <summary><see cref="TokenQuery.Role"/>.</summary>
    Role = 4,

    /// <summary><see cref="TokenQuery.UnusedSince"/>.</summary>
    UnusedSince = 8,

    /// <summary><see cref="TokenQuery.PageSize"/>.</summary>
    PageSize = 16,
}
