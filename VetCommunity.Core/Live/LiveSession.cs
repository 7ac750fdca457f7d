namespace VetCommunity.Core.Live;

/// <summary>How far a live session is.</summary>
public enum SessionPhase
{
    /// <summary>Announced; people register.</summary>
    Planned = 1,
    /// <summary>Being held.</summary>
    Running = 2,
    /// <summary>Over.</summary>
    Ended = 3,
    /// <summary>Called off before it began.</summary>
    CalledOff = 4,
}

/// <summary>What somebody does in a session.</summary>
public enum SessionRole
{
    /// <summary>Takes part.</summary>
    Participant = 1,
    /// <summary>Leads together with the trainer.</summary>
    CoTrainer = 2,
    /// <summary>Planned it, and may name co-trainers.</summary>
    Trainer = 3,
}

/// <summary>What happened in a session.</summary>
public enum SessionEventKind
{
    /// <summary>It began.</summary>
    Started = 1,
    /// <summary>Another slide, or another step of it, is on the stage.</summary>
    Shown = 2,
    /// <summary>Somebody else has the lead.</summary>
    LeadTaken = 3,
    /// <summary>A hand was raised.</summary>
    HandRaised = 4,
    /// <summary>A hand was taken down by whoever raised it.</summary>
    HandLowered = 5,
    /// <summary>Somebody was given the floor, or it was taken back.</summary>
    FloorGiven = 6,
    /// <summary>It is over.</summary>
    Ended = 7,
    /// <summary>It is not held at all.</summary>
    CalledOff = 8,
    /// <summary>A question takes answers.</summary>
    QuestionOpened = 9,
    /// <summary>It takes none any more.</summary>
    QuestionClosed = 10,
    /// <summary>Everybody sees what was answered.</summary>
    ResultsShown = 11,
    /// <summary>Only those who lead see it.</summary>
    ResultsHidden = 12,
    /// <summary>A countdown runs on the stage, or runs to another end.</summary>
    TimerSet = 13,
    /// <summary>It was taken from the stage.</summary>
    TimerTaken = 14,
    /// <summary>A question from the audience is being answered.</summary>
    AudienceTakenUp = 15,
    /// <summary>It is answered.</summary>
    AudienceAnswered = 16,
    /// <summary>It waits for an answer again, or is seen again.</summary>
    AudienceOpened = 17,
    /// <summary>It was taken away by those who lead.</summary>
    AudienceHidden = 18,
    /// <summary>It was taken back by whoever asked.</summary>
    AudienceWithdrawn = 19,
    /// <summary>An idea was taken away by those who lead.</summary>
    IdeaTaken = 20,
}

/// <summary>
/// A meeting at a set time, led by trainers. What everybody sees of it is small and stands in this row; each change raises the version, and is an event with that version in its log.
/// Its slides are the <see cref="Documents.Document"/> of the same address part, its chat is a closed room.
/// </summary>
public sealed class LiveSession
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>The document with its slides.</summary>
    public int DocumentId { get; set; }
    /// <summary>The session that this one rehearses; null for a session itself. A rehearsal has the slides of the session, and a room, people and a log of its own.</summary>
    public int? RehearsalOfId { get; set; }
    /// <summary>The lesson that was made of it; null for none.</summary>
    public int? LessonId { get; set; }
    /// <summary>The series that it belongs to; null for none.</summary>
    public int? SeriesId { get; set; }
    /// <summary>The closed room of those who are in it.</summary>
    public int ConversationId { get; set; }
    /// <summary>The closed room of those who lead it; null while one leads alone.</summary>
    public int? TrainersRoomId { get; set; }
    /// <summary>The address part.</summary>
    public required string Slug { get; set; }
    /// <summary>What it is called, at most 100 characters.</summary>
    public required string Title { get; set; }
    /// <summary>What it is about, in markdown, at most <see cref="LiveSessions.Text"/> characters.</summary>
    public string Description { get; set; } = "";
    /// <summary>The language in which it is held, one of the interface's.</summary>
    public required string Language { get; set; }
    /// <summary>When it is to begin.</summary>
    public DateTimeOffset StartsAt { get; set; }
    /// <summary>When it is to end.</summary>
    public DateTimeOffset EndsAt { get; set; }
    /// <summary>How many may register; null for any number.</summary>
    public int? Capacity { get; set; }
    /// <summary>How many minutes in it a certificate of attendance takes; null where it asks for none.</summary>
    public int? CertificateMinutes { get; set; }
    /// <summary>How many of a hundred of its questions a certificate of attendance takes; null where it asks for none.</summary>
    public int? CertificateAnswers { get; set; }
    /// <summary>Who has a certificate of attendance.</summary>
    public CertificateRule CertificateRule => new(CertificateMinutes, CertificateAnswers);
    /// <summary>What comes when, in lines as <see cref="Live.Agenda"/> reads them; may be empty.</summary>
    public string Agenda { get; set; } = "";
    /// <summary>Whether the trainers let each one in who registers.</summary>
    public bool NeedsApproval { get; set; }
    /// <summary>Whether its audience may ask without their names.</summary>
    public bool AllowsAnonymous { get; set; }
    /// <summary>Whether people without an account may come in by its code, see <see cref="Guests"/>.</summary>
    public bool AllowsGuests { get; set; }
    /// <summary>The beginning of which its people were reminded a day before.</summary>
    public DateTimeOffset? RemindedDayFor { get; set; }
    /// <summary>The beginning of which they were reminded an hour before.</summary>
    public DateTimeOffset? RemindedHourFor { get; set; }
    /// <summary>Leads into it.</summary>
    public required string JoinCode { get; set; }
    /// <summary>How its people hear and see each other.</summary>
    public SessionMedia Media { get; set; }
    /// <summary>Where, if somewhere else: an https address.</summary>
    public string? MediaAddress { get; set; }
    /// <summary>How far it is.</summary>
    public SessionPhase Phase { get; set; }
    /// <summary>One more with each change of what everybody sees; the number of the newest event.</summary>
    public long Version { get; set; }
    /// <summary>The slide on the stage, from 1.</summary>
    public int Slide { get; set; }
    /// <summary>How many steps of it are shown besides its beginning.</summary>
    public int Step { get; set; }
    /// <summary>The furthest slide that was on the stage: so far participants may look around.</summary>
    public int Furthest { get; set; }
    /// <summary>The furthest step of that one.</summary>
    public int FurthestStep { get; set; }
    /// <summary>The version with which the slides were moved or somebody took the lead last: a press names it, whatever else happened since.</summary>
    public long Turn { get; set; }
    /// <summary>Who was given the floor last; null for nobody.</summary>
    public int? FloorId { get; set; }
    /// <summary>When the countdown on the stage ends, or ended; null for none.</summary>
    public DateTimeOffset? TimerUntil { get; set; }
    /// <summary>Who moves the slides; null before it begins.</summary>
    public int? LeadId { get; set; }
    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; set; }
    /// <summary>When it was over.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    /// <summary>One more with each change of the plan: two who change it at once do not overwrite each other.</summary>
    public int Revision { get; set; }

    /// <summary>Puts a step of a slide on the stage, and notes down how far the session has come with it.</summary>
    internal void Show(int slide, int step)
    {
        (Slide, Step) = (slide, step);
        if (slide > Furthest)
            (Furthest, FurthestStep) = (slide, step);
        else if (slide == Furthest)
            FurthestStep = Math.Max(FurthestStep, step);
    }
}

/// <summary>That somebody is in a session.</summary>
public sealed class SessionPlace
{
    /// <summary>Which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>As what.</summary>
    public SessionRole Role { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; set; }
    /// <summary>Whether they type captions, as those who lead may, too.</summary>
    public bool Captions { get; set; }
}

/// <summary>One move of a session. The log is only ever added to.</summary>
public sealed class SessionEvent
{
    /// <summary>Which session.</summary>
    public int SessionId { get; set; }
    /// <summary>The version of the session that it made; gapless from 1.</summary>
    public long Version { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Who did it.</summary>
    public int ById { get; set; }
    /// <summary>What.</summary>
    public SessionEventKind Kind { get; set; }
    /// <summary>The slide that was shown.</summary>
    public int? Slide { get; set; }
    /// <summary>The step of it.</summary>
    public int? Step { get; set; }
    /// <summary>Whom it is about, where that is not who did it.</summary>
    public int? MemberId { get; set; }
    /// <summary>The question it is about.</summary>
    public int? QuestionId { get; set; }
    /// <summary>When the countdown that was set ends.</summary>
    public DateTimeOffset? Until { get; set; }
    /// <summary>The question from the audience that it is about.</summary>
    public int? AudienceQuestionId { get; set; }
}

/// <summary>A line that somebody typed for those who do not hear what is said, or not in their language.</summary>
public sealed class SessionCaption
{
    /// <summary>Number; later lines have higher ones.</summary>
    public int Id { get; set; }
    /// <summary>In which session.</summary>
    public int SessionId { get; set; }
    /// <summary>One of the interface's languages.</summary>
    public required string Language { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Who typed it.</summary>
    public int ById { get; set; }
    /// <summary>By which the page that sent it knows it: an answer that is lost makes no second line.</summary>
    public required string Key { get; set; }
    /// <summary>One line, at most <see cref="Live.Captions.Length"/> characters.</summary>
    public required string Text { get; set; }
    /// <summary>By which it is found, see <see cref="Folding.Fold"/>.</summary>
    public required string Folded { get; set; }
}

/// <summary>A question that was opened in a session, as it stood in the slides when it was.</summary>
public sealed class SessionQuestion
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>In which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Which of its slides' questions, see <see cref="DeckQuestion.Key"/>.</summary>
    public required string Key { get; set; }
    /// <summary>Its block in each language that has it, the original first, see <see cref="QuestionTexts"/>.</summary>
    public required string Texts { get; set; }
    /// <summary>When it was opened last.</summary>
    public DateTimeOffset OpenedAt { get; set; }
    /// <summary>When it was closed; null while it takes answers.</summary>
    public DateTimeOffset? ClosedAt { get; set; }
    /// <summary>Whether everybody sees what was answered.</summary>
    public int IsShown { get; set; }
    /// <summary>Whether everybody has seen what is right.</summary>
    public int IsRevealed { get; set; }
    /// <summary>The ideas that those who lead took away, by <see cref="Learning.IdeasQuestion.KeyOf"/>, with commas between them; null for none. Nobody can write them again.</summary>
    public string? TakenIdeas { get; set; }
}

/// <summary>What a member answers to a question.</summary>
public sealed class SessionAnswer
{
    /// <summary>Which question.</summary>
    public int QuestionId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>As <see cref="Learning.Question.Keep"/> has it.</summary>
    public required string Answer { get; set; }
    /// <summary>What it is worth.</summary>
    public int Points { get; set; }
    /// <summary>When it was last changed.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A hand that is up.</summary>
public sealed class RaisedHand
{
    /// <summary>In which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>The version with which it went up: the order of the speaker queue.</summary>
    public long Version { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>What everybody sees of a session is another one.</summary>
/// <param name="ConversationId">Its room.</param>
public sealed record SessionChanged(int ConversationId);

/// <summary>What was typed last in a session is another one.</summary>
/// <param name="ConversationId">Its room.</param>
public sealed record CaptionsChanged(int ConversationId);

/// <summary>Somebody answered a question of a session.</summary>
/// <param name="ConversationId">Its room.</param>
public sealed record QuestionAnswered(int ConversationId);
