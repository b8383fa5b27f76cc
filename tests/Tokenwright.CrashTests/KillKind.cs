namespace Tokenwright.CrashTests;

/// <summary>The steps at which a program is killed.</summary>
internal enum KillKind
{
    /// <summary>The request has arrived, and is not carried out.</summary>
    BeforeHandling,

    /// <summary>The request has arrived, and is carried out a while later.</summary>
    BeforeLateHandling,

    /// <summary>The request was carried out; nothing of the answer has come.</summary>
    BeforeAnswer,

    /// <summary>A part of the answer's head or body has come, or all of it.</summary>
    WithinAnswer,

    /// <summary>About when the answer has come: it is read, the secret stored, the create crossed out.</summary>
    AfterAnswer,

    /// <summary>The answer was cut, and the client itself is at work to find out what became of the create.</summary>
    AfterCut,

    /// <summary>The secret is about to be stored.</summary>
    WhileStoring,

    /// <summary>The secret has been stored, which the program doesn't know yet.</summary>
    AfterStoring,

    /// <summary>At any moment from the program's first step on.</summary>
    AnyMoment,
}
