namespace VetCommunity.Core.Members;

/// <summary>The key by which a member's authenticator app makes codes. It counts once <see cref="ConfirmedAt"/> is set; then the member's TwoFactorEnabled is, too.</summary>
public sealed class SecondFactor
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>The key, encrypted: who reads the database alone can make no codes.</summary>
    public required string SealedKey { get; set; }
    /// <summary>When it was shown first.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When a code proved that the app has it.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }
    /// <summary>The step of the last code that was taken: neither it nor an older one is taken again.</summary>
    public long LastStep { get; set; }
}

/// <summary>A code on paper for who has lost the app. It works once.</summary>
public sealed class RecoveryCode
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>SHA-256 of the code, which is random enough (80 bits) not to be guessed from it.</summary>
    public required byte[] Hash { get; set; }
    /// <summary>When it was used.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A member's second step to log in, as its page shows it.</summary>
/// <param name="IsOn">Whether logging in asks for a code.</param>
/// <param name="Key">The key that waits to be confirmed; null where there is none.</param>
/// <param name="Link">The same as an <c>otpauth</c> address, for a QR code.</param>
/// <param name="CodesLeft">Recovery codes that were not used yet.</param>
/// <param name="IsRequired">Whether a role of the member needs it.</param>
/// <param name="Passkeys">How many passkeys the member has.</param>
/// <param name="HasPassword">False where another service made the account and the member has chosen none.</param>
public sealed record FactorState(bool IsOn, string? Key, string? Link, int CodesLeft, bool IsRequired, int Passkeys, bool HasPassword);
