namespace VetCommunity.Core.Documents;

/// <summary>In which topic of its document's talk a section of a language version is talked about.</summary>
public sealed class SectionTalk
{
    /// <summary>The topic.</summary>
    public int TopicId { get; set; }
    /// <summary>Of which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>The section in the newest revision; of one that is gone, what it was called last: see <see cref="SectionKeys"/>.</summary>
    public required string Key { get; set; }
    /// <summary>When a revision was stored in which the section is no more; null while it is there.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>A section and what was said about it.</summary>
/// <param name="Key">Its key in the revision that is read; of one that is gone, in the last that had it.</param>
/// <param name="Heading">Its heading, or what the topic of one that is gone is called; empty for what stands before the first heading.</param>
/// <param name="Topic">The topic's address part; null before anybody opened it.</param>
/// <param name="Messages">How many.</param>
/// <param name="Unread">How many of them the actor has not read.</param>
/// <param name="IsThere">It stands in the newest revision: of others nothing new is begun.</param>
public sealed record TalkedSection(string Key, string Heading, string? Topic, int Messages, int Unread, bool IsThere);

/// <summary>The talk about one section, opened for the actor.</summary>
/// <param name="Room">The address part of the conversation.</param>
/// <param name="Topic">That of the topic.</param>
/// <param name="Language">Of which language version it is.</param>
/// <param name="Key">The section in the newest revision; of one that is gone, in the last that had it.</param>
/// <param name="Name">What the topic is called.</param>
/// <param name="IsGone">The section is no more.</param>
public sealed record OpenedTalk(string Room, string Topic, string Language, string Key, string Name, bool IsGone);
