namespace Tokenwright.CrashTests;

/// <summary>The steps at which a program is killed.</summary>
internal enum KillKind
{
    /// <summary>The request has arrived, and the vendor doesn't carry it out.</summary>
    BeforeHandling,

    /// <summary>The request has arrived, and the vendor carries it out later.</summary>
    BeforeLateHandling,

    /// <summary>The vendor has carried out the request, and sent no response.</summary>
    BeforeResponse,

    /// <summary>A part of the response has arrived, or all of it.</summary>
    WithinResponse,

    /// <summary>
    /// Around the time of the response: the program reads it, stores the secret, and crosses the create out in the journal.
    /// </summary>
    AfterResponse,

    /// <summary>The response was cut, and the client is looking for the token.</summary>
    AfterCut,

    /// <summary>The program is about to store the secret.</summary>
    WhileStoring,

    /// <summary>The secret is stored, but the program doesn't know it yet.</summary>
    AfterStoring,

    /// <summary>Any moment after the program's first step.</summary>
    AnyMoment,
}
