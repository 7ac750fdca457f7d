namespace VetCommunity.Core.Members;

/// <summary>
/// Who needs a second step to log in. Until a member with such a role has set one up, the role gives nothing: pages, islands, hub and programs treat
/// them as a plain member.
/// </summary>
/// <param name="Guarded">The roles that need it.</param>
public sealed record FactorRule(Roles Guarded)
{
    /// <summary>As it is outside the demo world.</summary>
    public static FactorRule Strict { get; } = new(Roles.Counsellor | Roles.Moderator | Roles.Administrator);

    /// <summary>Nobody needs it, everybody may have it.</summary>
    public static FactorRule Free { get; } = new(Roles.None);

    /// <summary>What a member's roles are without a second step.</summary>
    public Roles Plain => ~Guarded;

    /// <summary>Whether one of the roles needs a second step.</summary>
    public bool Asks(Roles roles) => (roles & Guarded) != Roles.None;
}
