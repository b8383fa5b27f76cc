namespace Tokenwright.CrashTests.Victim;

/// <summary>A place for secrets, for example a vault.</summary>
public interface ISecretStore
{
    /// <summary>Whether the secret of a name is there.</summary>
    Task<bool> HoldsAsync(string name);

    /// <summary>Stores a secret: when the task is done, it outlives the program.</summary>
    Task StoreAsync(string name, IssuedToken issued);
}
