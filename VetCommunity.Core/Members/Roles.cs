namespace VetCommunity.Core.Members;

/// <summary>The roles a member can hold, several at once.</summary>
[Flags]
public enum Roles
{
    /// <summary>A visitor.</summary>
    None = 0,
    /// <summary>Talks in rooms, finds people, learns, asks for counsel.</summary>
    Member = 1,
    /// <summary>Takes requests and counsels peers.</summary>
    Counsellor = 2,
    /// <summary>Runs live sessions and courses.</summary>
    Trainer = 4,
    /// <summary>Writes and reviews practices.</summary>
    Editor = 8,
    /// <summary>Runs an organisation or a project.</summary>
    Coordinator = 16,
    /// <summary>Reads the evidence and answers proposals.</summary>
    PolicyMaker = 32,
    /// <summary>Keeps rooms safe.</summary>
    Moderator = 64,
    /// <summary>Keeps the whole running.</summary>
    Administrator = 128,
}

/// <summary>What can be done that not everybody may do.</summary>
public enum Act
{
    /// <summary>Read open rooms as a member, write where the room's rule allows.</summary>
    TakePart,
    /// <summary>Open a new room.</summary>
    CreateRoom,
    /// <summary>Invite a person to the network by link.</summary>
    InviteToNetwork,
    /// <summary>Delete other people's messages and move them, in rooms that one can read.</summary>
    ModerateRooms,
    /// <summary>Suspend a member and lift it.</summary>
    SuspendMember,
    /// <summary>Grant and take roles.</summary>
    GrantRoles,
    /// <summary>Create and change organisations.</summary>
    EditOrganisations,
    /// <summary>See and write in drafts of practices, of rooms that one can read; read every practice, write in those of the own organisation, publish.</summary>
    EditPractices,
    /// <summary>Plan live sessions and hold one's own.</summary>
    HoldSessions,
    /// <summary>See the administration.</summary>
    Administer,
}

/// <summary>The one table that says which role may do what. Pages, hub, API and tests read it.</summary>
public static class Rights
{
    static readonly Dictionary<Roles, Act[]> Table = new()
    {
        [Roles.Member] = [Act.TakePart],
        [Roles.Counsellor] = [Act.CreateRoom],
        [Roles.Trainer] = [Act.CreateRoom, Act.InviteToNetwork, Act.HoldSessions],
        [Roles.Editor] = [Act.CreateRoom, Act.EditPractices],
        [Roles.Coordinator] = [Act.CreateRoom, Act.InviteToNetwork, Act.EditOrganisations, Act.HoldSessions],
        [Roles.PolicyMaker] = [],
        [Roles.Moderator] = [Act.CreateRoom, Act.InviteToNetwork, Act.ModerateRooms, Act.SuspendMember],
        [Roles.Administrator] =
            [Act.CreateRoom, Act.InviteToNetwork, Act.ModerateRooms, Act.SuspendMember, Act.GrantRoles, Act.EditOrganisations, Act.HoldSessions, Act.Administer],
    };

    static readonly IReadOnlySet<Act>[] ByRoles = [.. Enumerable.Range(0, 256).Select(Union)];

    /// <summary>All acts that the roles together allow.</summary>
    public static IReadOnlySet<Act> Of(Roles roles) => ByRoles[(int)roles & 255];

    static IReadOnlySet<Act> Union(int roles) =>
        Table.Where(row => ((Roles)roles).HasFlag(row.Key)).SelectMany(row => row.Value).ToHashSet();
}
