namespace Tokenwright.CrashTests;

/// <summary>The steps at which a program is killed.</summary>
internal enum KillKind
{
    /// <summary>The request has arrived, and is not carried out.</summary>
    BeforeHandling,

    /// <summary>The request has arrived, and is carried out a while later.</summary>
    BeforeLateHandling,

    /// <summary>The request was carried out; nothing of the response has come.</summary>
    BeforeResponse,

    /// <summary>A part of the response's head or body has come, or all of it.</summary>
    WithinResponse,

    /// <summary>About when the response has come: it is read, the secret stored, the create crossed out.</summary>
    AfterResponse,

    /// <summary>The response was cut, and the client itself is at work to find out what became of the create.</summary>
    AfterCut,

    /// <summary>The secret is about to be stored.</summary>
    WhileStoring,

    /// <summary>The secret has been stored, which the program doesn't know yet.</summary>
    AfterStoring,

    /// <summary>At any moment from the program's first step on.</summary>
    AnyMoment,
}
