namespace VetCommunity.Core.Live;

/// <summary>How far a question from the audience is.</summary>
public enum AudienceState
{
    /// <summary>Asked; others vote for it.</summary>
    Open = 1,
    /// <summary>Being answered now: one of a session at most.</summary>
    Answering = 2,
    /// <summary>Answered.</summary>
    Answered = 3,
    /// <summary>Taken away by those who lead; only they see it.</summary>
    Hidden = 4,
    /// <summary>Taken back by whoever asked: its text is gone.</summary>
    Withdrawn = 5,
}

/// <summary>What somebody in a session asks those who lead it.</summary>
public sealed class AudienceQuestion
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>In which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Who asks; shown to nobody where it is <see cref="IsAnonymous"/>.</summary>
    public int ById { get; set; }
    /// <summary>What, in one line of at most <see cref="AudienceQuestions.Text"/> characters; empty once it is withdrawn.</summary>
    public required string Text { get; set; }
    /// <summary>Whether nobody sees who asks.</summary>
    public bool IsAnonymous { get; set; }
    /// <summary>How far it is.</summary>
    public AudienceState State { get; set; }
    /// <summary>When it was asked.</summary>
    public DateTimeOffset AskedAt { get; set; }
}

/// <summary>That a member wants a question answered.</summary>
public sealed class AudienceVote
{
    /// <summary>Which question.</summary>
    public int QuestionId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>The questions from a session's audience, or their votes, are others.</summary>
/// <param name="ConversationId">Its room.</param>
public sealed record AudienceQuestionsChanged(int ConversationId);
