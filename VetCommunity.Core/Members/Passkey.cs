namespace VetCommunity.Core.Members;

/// <summary>What a member knows of one of their passkeys. Its public key stands in the row of Identity with the same number.</summary>
public sealed class Passkey
{
    /// <summary>The number that the device gave it.</summary>
    public required byte[] CredentialId { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>What the member calls it.</summary>
    public required string Name { get; set; }
    /// <summary>When it was added.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When it was last used to log in or to prove who one is.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A question to a passkey that was answered: no answer to it is taken again.</summary>
public sealed class SpentQuestion
{
    /// <summary>SHA-256 of the question.</summary>
    public required byte[] Hash { get; set; }
    /// <summary>When it was answered.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>An answer of a passkey whose signature was found right.</summary>
/// <param name="MemberId">Whose passkey it is.</param>
/// <param name="CredentialId">Which.</param>
/// <param name="SignCount">What the device says how often the passkey was used; 0 where it does not count.</param>
/// <param name="IsBackedUp">Whether the device says that it lies on others, too.</param>
/// <param name="Question">SHA-256 of the question that it answers.</param>
public sealed record ShownPasskey(int MemberId, byte[] CredentialId, uint SignCount, bool IsBackedUp, byte[] Question);
