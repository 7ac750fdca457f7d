namespace VetCommunity.Core.Discussion;

/// <summary>What a new room is to be.</summary>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Slug">The address part; empty makes one of the title.</param>
/// <param name="Purpose">One sentence, at most 300 characters.</param>
/// <param name="Language">The main language.</param>
/// <param name="IsOpen">Any member may read and join it.</param>
public sealed record NewRoom(string Title, string? Slug, string? Purpose, string Language, bool IsOpen);

/// <summary>A room in the list.</summary>
public sealed record RoomRow(
    string Slug, string Title, string Purpose, string Language, bool IsOpen, bool IsMember, int Members, long Unread, string LastAuthor, string LastText, DateTimeOffset? LastAt)
{
    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string LastAuthor { get => Privacy.FormerMember.Shown(field); init; } = LastAuthor;
}

/// <summary>A direct conversation in its member's list: with whom, what is unread, what was said last.</summary>
public sealed record DirectRow(int Id, string Handle, string Name, string? PictureVersion, long Unread, string LastText, DateTimeOffset? LastAt)
{
    /// <inheritdoc cref="Privacy.FormerMember.HandleOf"/>
    public string Handle { get; init; } = Privacy.FormerMember.HandleOf(Handle);

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Name { get => Privacy.FormerMember.Shown(field); init; } = Name;
}

/// <summary>A member of a room.</summary>
public sealed record RoomMember(string Handle, string Name, string? Organisation, string? Country, string? PictureVersion, bool IsModerator);
