namespace Tokenwright.CrashTests.Victim;

/// <summary>A place for secrets, for example a vault.</summary>
public interface ISecretStore
{
    /// <summary>Returns whether a secret is stored under a name.</summary>
    Task<bool> HoldsAsync(string name);

    /// <summary>Stores a secret. When the task has completed, the secret survives the end of the program.</summary>
    Task StoreAsync(string name, IssuedToken issued);
}
