namespace VetCommunity.Core.Webhooks;

/// <summary>Keeps secrets that are needed again readable only to this installation: who reads the database alone can use none of them.</summary>
/// <param name="close">Encrypts.</param>
/// <param name="open">Decrypts; null where the key is lost.</param>
public sealed class Seal(Func<string, string> close, Func<string, string?> open)
{
    /// <summary>The secret as it is stored.</summary>
    public string Close(string secret) => close(secret);

    /// <summary>The secret again, or null where the key that sealed it is lost.</summary>
    public string? Open(string stored) => open(stored);
}
