namespace VetCommunity.Core;

/// <summary>What a rule can say no to. The sentence of each, in six languages, lies in <c>Texts/Refusals.*.resx</c> under the same name.</summary>
public enum Refusal
{
    /// <summary>An empty message.</summary>
    EmptyText,
    /// <summary>More characters than allowed: {0} given, {1} allowed.</summary>
    TextTooLong,
    /// <summary>Markdown nested so deeply that no reader could follow it.</summary>
    TextTooDeep,
    /// <summary>A client key that is missing or longer than 64 characters.</summary>
    BadClientKey,
    /// <summary>The conversation ended and takes no more messages.</summary>
    ConversationClosed,
    /// <summary>Only members of the room write here.</summary>
    JoinFirst,
    /// <summary>Somebody else's message.</summary>
    NotYourMessage,
    /// <summary>The message was deleted.</summary>
    MessageDeleted,
    /// <summary>The message that is answered does not exist here.</summary>
    UnknownReply,
    /// <summary>A topic name that is empty or longer than {0} characters.</summary>
    BadTopic,
    /// <summary>An emoji that is none.</summary>
    BadEmoji,
    /// <summary>A message's language that is none of the community's.</summary>
    UnknownLanguage,
    /// <summary>One message has at most {0} different reactions.</summary>
    TooManyReactions,
    /// <summary>An attachment id that is unknown, expired or somebody else's.</summary>
    UnknownAttachment,
    /// <summary>More than {0} attachments.</summary>
    TooManyAttachments,
    /// <summary>The member's account is suspended.</summary>
    Suspended,
    /// <summary>Too many calls in a short time; wait {0} seconds.</summary>
    TooFast,
    /// <summary>The server has no room for one more answer at this moment; it is asked again in {0} seconds.</summary>
    TooBusy,
    /// <summary>The member has {0} connections that last already, as many as one may.</summary>
    TooManyConnections,
    /// <summary>A room's title is missing or longer than {0} characters.</summary>
    BadTitle,
    /// <summary>A room's short name (address) is not made of 2 to 60 small letters, digits and hyphens with a letter among them.</summary>
    BadSlug,
    /// <summary>The short name {0} is taken.</summary>
    SlugTaken,
    /// <summary>A direct conversation keeps its two people: nobody joins, nobody is invited, it never becomes a room.</summary>
    DirectStaysDirect,
    /// <summary>The last moderator of a closed room cannot leave while others are in it.</summary>
    LastModerator,
    /// <summary>No member with the handle {0}.</summary>
    UnknownMember,
    /// <summary>A conversation with oneself.</summary>
    NotWithYourself,
    /// <summary>The handle is not made of 3 to 30 small letters, digits and hyphens beginning with a letter.</summary>
    BadHandle,
    /// <summary>The handle {0} is taken.</summary>
    HandleTaken,
    /// <summary>A name that is empty or longer than {0} characters.</summary>
    BadName,
    /// <summary>Not a valid e-mail address.</summary>
    BadEmail,
    /// <summary>A password shorter than {0} characters.</summary>
    PasswordTooShort,
    /// <summary>A password longer than {0} characters.</summary>
    PasswordTooLong,
    /// <summary>A password that everybody tries first.</summary>
    PasswordTooCommon,
    /// <summary>A code of an app or of the recovery codes that is wrong or used.</summary>
    WrongCode,
    /// <summary>The password was given too long ago, or the account has changed since.</summary>
    LogInAnew,
    /// <summary>There already is an account for the address.</summary>
    AddressKnown,
    /// <summary>Too many tries from one place or for one address; {0} minutes to wait.</summary>
    TooManyTries,
    /// <summary>A country, language, sector or time zone that is not in its list.</summary>
    BadChoice,
    /// <summary>A biography longer than {0} characters.</summary>
    BiographyTooLong,
    /// <summary>A picture that is no JPEG, PNG or WebP, or larger than {0} megabytes.</summary>
    BadPicture,
    /// <summary>An invitation or link that was used, has expired or never was.</summary>
    LinkExpired,
    /// <summary>E-mail or password are wrong.</summary>
    WrongCredentials,
    /// <summary>Too many wrong attempts; the account opens again in {0} minutes.</summary>
    LockedOut,
    /// <summary>An administrator cannot take away the last administrator.</summary>
    LastAdministrator,
    /// <summary>Somebody else changed the same thing while the actor was looking at it.</summary>
    ChangedMeanwhile,
    /// <summary>The database is busy or full; nothing was stored, try again.</summary>
    StorageUnavailable,
    /// <summary>The database refuses this text, whenever it is sent; {0}: what it says.</summary>
    NotTaken,
    /// <summary>Line {0} of a file cannot be read: {1}.</summary>
    BadLine,
    /// <summary>Another coordinator looks after the organisation; one does not make oneself a second one.</summary>
    OrganisationLookedAfter,
    /// <summary>What the deed was about is not there, or not for the actor.</summary>
    NothingThere,
    /// <summary>The account is suspended until it is lifted; {0} is the reason.</summary>
    SuspendedBecause,
    /// <summary>The account is suspended until the instant {1}; {0} is the reason.</summary>
    SuspendedUntilBecause,
    /// <summary>Several members have the name {0}.</summary>
    SeveralOfThatName,
    /// <summary>A web address that does not begin with http:// or https://.</summary>
    BadWebsite,
    /// <summary>The e-mail address is not yet confirmed.</summary>
    EmailNotConfirmed,
    /// <summary>The current password is wrong.</summary>
    WrongPassword,
    /// <summary>The two passwords differ.</summary>
    PasswordsDiffer,
    /// <summary>The connection was idle or open too long; the form must be sent again.</summary>
    FormExpired,
    /// <summary>A member already is in the room.</summary>
    AlreadyIn,
    /// <summary>The role is not one of the network's roles.</summary>
    BadRole,
    /// <summary>A message cannot have more than {0} mentions.</summary>
    TooManyMentions,
    /// <summary>Somebody else, or the same person in another tab, changed it since the form was opened.</summary>
    ChangedElsewhere,
    /// <summary>A picture of so many pixels that it cannot be opened here.</summary>
    PictureTooLarge,
    /// <summary>Only who began a topic and moderators rename, resolve and reopen it.</summary>
    NotYourTopic,
    /// <summary>Another topic of the room is called {0}.</summary>
    TopicTaken,
    /// <summary>{0} has resolved the topic before.</summary>
    AlreadyResolved,
    /// <summary>An outcome without its sentence.</summary>
    SentenceMissing,
    /// <summary>Only who is in the room follows and mutes its topics.</summary>
    JoinToFollow,
    /// <summary>A search without a word in it.</summary>
    NothingToSearch,
    /// <summary>A search of more than {0} characters.</summary>
    SearchTooLong,
    /// <summary>No room with the short name {0} that the actor may read.</summary>
    SearchRoomUnknown,
    /// <summary>{0} is no day such as 2026-03-01.</summary>
    SearchDateWrong,
    /// <summary>Nothing that a message could have is called {0}; it may be {1}.</summary>
    SearchContentUnknown,
    /// <summary>{0} is no language of the network; it may be {1}.</summary>
    SearchLanguageUnknown,
    /// <summary>A file of more than {0} megabytes.</summary>
    FileTooLarge,
    /// <summary>A file of no bytes.</summary>
    FileEmpty,
    /// <summary>A file whose content is none of the types that are taken.</summary>
    FileNotAccepted,
    /// <summary>An office file with macros.</summary>
    FileWithMacros,
    /// <summary>A picture that cannot be opened.</summary>
    FileDamaged,
    /// <summary>The member has more than {0} megabytes of files that were not posted.</summary>
    TooMuchUnposted,
    /// <summary>What is left of the disk is kept for messages.</summary>
    NoRoomForFiles,
    /// <summary>A description of a picture longer than {0} characters.</summary>
    DescriptionTooLong,
    /// <summary>Moderators hid the message.</summary>
    MessageHidden,
    /// <summary>Moderators let the member only read in the room for some time.</summary>
    Muted,
    /// <summary>Only moderators and speakers write in the room.</summary>
    OnlySpeakers,
    /// <summary>In a slow room the member can write again in {0} seconds.</summary>
    SlowMode,
    /// <summary>{0} was banned from the room, and that has not ended.</summary>
    BannedFromRoom,
    /// <summary>A report of one's own message.</summary>
    OwnMessage,
    /// <summary>A report or a decision that does not say what is wrong.</summary>
    GroundMissing,
    /// <summary>A report, a decision or an appeal without words.</summary>
    ReasonMissing,
    /// <summary>{0} decided about the message in the meantime.</summary>
    AlreadyDecided,
    /// <summary>One does not decide about oneself.</summary>
    OwnCase,
    /// <summary>{0} moderates and cannot be muted or banned.</summary>
    ModeratesHere,
    /// <summary>A decision is answered once.</summary>
    AppealedBefore,
    /// <summary>{0} has decided on the appeal.</summary>
    AppealDecided,
    /// <summary>An appeal more than {0} months after the decision.</summary>
    AppealTooLate,
    /// <summary>What another member wrote is removed by a decision; the page for it is {0}.</summary>
    DecideInstead,
    /// <summary>Who made a decision does not decide on the appeal against it.</summary>
    AnotherDecides,
    /// <summary>A room has at most {0} pinned messages.</summary>
    TooManyPins,
    /// <summary>{0} is not in the room.</summary>
    NotInRoom,
    /// <summary>The address of a webhook's target is none, or none with https.</summary>
    BadWebhookTarget,
    /// <summary>The address of a webhook's target lies in a private network.</summary>
    WebhookTargetInside,
    /// <summary>A room has {0} webhooks of one kind, and no more.</summary>
    TooManyWebhooks,
    /// <summary>The room has a webhook that is called {0}.</summary>
    WebhookNameTaken,
    /// <summary>A webhook that hears of nothing.</summary>
    NothingToHear,
    /// <summary>A cursor that no page of ours gave out.</summary>
    BadCursor,
    /// <summary>A poll with fewer than {0} or more than {1} options.</summary>
    PollOptionCount,
    /// <summary>An option of more than {0} characters.</summary>
    PollOptionTooLong,
    /// <summary>The option {0} stands in a poll twice.</summary>
    PollOptionTwice,
    /// <summary>The end of a poll is not in the future.</summary>
    PollEndsTooEarly,
    /// <summary>Polls are posted in rooms only.</summary>
    PollsInRooms,
    /// <summary>Votes are no longer taken.</summary>
    PollEnded,
    /// <summary>An option that the poll does not have.</summary>
    PollChoiceUnknown,
    /// <summary>More than one option where one may be chosen.</summary>
    PollOneChoice,
    /// <summary>A vote without a choice.</summary>
    PollNothingChosen,
    /// <summary>Only who asked and moderators end a poll.</summary>
    NotYourPoll,
    /// <summary>A message is to be sent at a time that is over.</summary>
    ScheduledInThePast,
    /// <summary>A message is to be sent more than a year from now.</summary>
    ScheduledTooFar,
    /// <summary>{0} messages of the member wait or could not be sent.</summary>
    TooManyScheduled,
    /// <summary>The form has scheduled another text before.</summary>
    ScheduledBefore,
    /// <summary>The message is on its way or was sent, so it can no longer be changed.</summary>
    ScheduledBegun,
    /// <summary>The member can no longer read where the message was to go.</summary>
    PlaceLost,
    /// <summary>A day or a time that cannot be read.</summary>
    TimeUnreadable,
    /// <summary>{0} is left out on that day: clocks go forward then.</summary>
    TimeSkipped,
    /// <summary>No time zone that is known here.</summary>
    UnknownZone,
    /// <summary>A day that is over.</summary>
    DayTooEarly,
    /// <summary>A day more than a year ahead.</summary>
    DayTooLate,
    /// <summary>A span that ends before it begins.</summary>
    HoursEndFirst,
    /// <summary>A span that overlaps another one of that day.</summary>
    HoursOverlap,
    /// <summary>More than {0} spans.</summary>
    TooManyHours,
    /// <summary>More than {0} hosts.</summary>
    TooManyHosts,
    /// <summary>What it is about is empty or longer than {0} characters.</summary>
    BadAbout,
    /// <summary>The room is closed now.</summary>
    HoursClosed,
    /// <summary>{0} people wait already.</summary>
    QueueFull,
    /// <summary>Nobody waits.</summary>
    NobodyWaits,
    /// <summary>A draft of a practice that quotes nothing, or more than {0} messages.</summary>
    QuoteCount,
    /// <summary>A chosen message is gone, or nobody could be asked about it.</summary>
    NotQuotable,
    /// <summary>A message is asked for in the language that it is in.</summary>
    AlreadyInLanguage,
    /// <summary>A message without words.</summary>
    NothingToTranslate,
    /// <summary>There is an accepted translation of the present text.</summary>
    TranslatedAlready,
    /// <summary>{0} requests for translations of the member wait.</summary>
    TooManyAsks,
    /// <summary>The member does not translate between these languages.</summary>
    NotYourPair,
    /// <summary>The message was changed while it was translated.</summary>
    OriginalChanged,
    /// <summary>The member may not accept this translation.</summary>
    NotYoursToAccept,
    /// <summary>Somebody else's translation.</summary>
    NotYourTranslation,
    /// <summary>The machine did not answer, or not usefully.</summary>
    MachineUnavailable,
    /// <summary>The machine does not translate between these languages.</summary>
    MachineLacksPair,
    /// <summary>The author of the message has not agreed to machines.</summary>
    NoMachineConsent,
    /// <summary>A term of the glossary is missing or longer than {0} characters.</summary>
    BadTerm,
    /// <summary>The term {0} is in the glossary already with this translation.</summary>
    TermThere,
    /// <summary>The member's export is being made.</summary>
    ExportRunning,
    /// <summary>The password was given too long ago for what opens the account to be changed.</summary>
    ProveAgain,
    /// <summary>The answer of a passkey is wrong, too late or was given before, or the passkey is not known here.</summary>
    PasskeyRefused,
    /// <summary>Only a passkey of the member shows well enough who they are.</summary>
    ShowPasskey,
    /// <summary>The member has {0} passkeys already.</summary>
    TooManyPasskeys,
    /// <summary>The account at another service is linked to an account here already, or the other way round.</summary>
    ProviderTaken,
    /// <summary>Without it nothing would let the member in any more.</summary>
    OnlyWayIn,
    /// <summary>The front matter of a document cannot be read from line {0}, character {1} on.</summary>
    BadFrontMatter,
    /// <summary>The words that a remark is about do not stand in the section.</summary>
    PassageNotFound,
    /// <summary>The passage of a suggestion says something else now.</summary>
    PassageChanged,
    /// <summary>{0} open remarks on a document, or answers to one, are as many as there may be.</summary>
    TooManyComments,
    /// <summary>A reviewer wrote in it.</summary>
    ReviewsOwnText,
    /// <summary>It belongs to the reviewer's organisation.</summary>
    ReviewsOwnOrganisation,
    /// <summary>A reviewer without an organisation.</summary>
    ReviewsForNobody,
    /// <summary>Reviewers of {0} other organisations have to approve it first.</summary>
    NeedsReviews,
    /// <summary>A practice that would stand in its own place, itself or across others that it replaces.</summary>
    ReplacesItself,
    /// <summary>More than {0} practices that one replaces, or builds on.</summary>
    TooManyTies,
    /// <summary>{0} is no published practice.</summary>
    NoSuchPractice,
    /// <summary>An adoption without a country, or without what came of it.</summary>
    AdoptionIncomplete,
    /// <summary>A file is no text in UTF-8.</summary>
    NotText,
    /// <summary>The translation of the section {0} does not begin with a heading, or leaves a block open that would take the next ones in.</summary>
    BadSection,
    /// <summary>A picture for a document of which nobody said what it shows.</summary>
    PictureNotDescribed,
    /// <summary>More files than a document may have.</summary>
    TooManyFiles,
    /// <summary>A form that was to bring a file brought none.</summary>
    NoFile,
    /// <summary>A member keeps {0} searches already, as many as one may.</summary>
    TooManySavedSearches,
    /// <summary>A session that does not end after its beginning and within a day of it.</summary>
    BadSessionTime,
    /// <summary>A session that would be over before it is announced.</summary>
    SessionInThePast,
    /// <summary>A session for nobody, or for more than {0} people.</summary>
    BadCapacity,
    /// <summary>{0} people are registered, as many as there may be.</summary>
    SessionFull,
    /// <summary>It is over, or was called off.</summary>
    SessionOver,
    /// <summary>It has begun and can only be ended.</summary>
    SessionBegun,
    /// <summary>It has not begun.</summary>
    SessionNotBegun,
    /// <summary>Who planned it, or has the lead, cannot go.</summary>
    TrainerStays,
    /// <summary>{0} co-trainers are as many as there may be.</summary>
    TooManyLeaders,
    /// <summary>Somebody else has the lead.</summary>
    NotInTheLead,
    /// <summary>{0} hands are up.</summary>
    TooManyHands,
    /// <summary>The slide {0} cannot be shown: it is too long or too deeply nested.</summary>
    BadSlide,
    /// <summary>More than {0} slides.</summary>
    TooManySlides,
    /// <summary>No session has this join code.</summary>
    UnknownJoinCode,
    /// <summary>{0} people have a place already: a session cannot have fewer.</summary>
    CapacityTaken,
    /// <summary>The trainers of a session declined it.</summary>
    RegistrationDeclined,
    /// <summary>A certificate for less than a minute, or for more than the {0} minutes of the session.</summary>
    BadCertificateMinutes,
    /// <summary>The line {0} of an agenda is no minutes and a title.</summary>
    AgendaLine,
    /// <summary>The title in the line {0} of an agenda is longer than {1} characters.</summary>
    AgendaTitle,
    /// <summary>An agenda with more than {0} points.</summary>
    TooManyPoints,
    /// <summary>An agenda of {0} minutes in a session of {1}.</summary>
    AgendaTooLong,
    /// <summary>A collection's title is missing or longer than {0} characters.</summary>
    BadCollectionTitle,
    /// <summary>A member has {0} collections already, as many as one may.</summary>
    TooManyCollections,
    /// <summary>A collection has {0} practices already, as many as one may.</summary>
    CollectionFull,
    /// <summary>A day by which a practice is to be looked at again that is none.</summary>
    BadReviewDay,
    /// <summary>A template without a section, or with more than {0}.</summary>
    TemplateSections,
    /// <summary>The section of a template in line {0} has no heading.</summary>
    TemplateHeading,
    /// <summary>Two sections of a template are called {0}.</summary>
    TemplateHeadingTwice,
    /// <summary>A block of a template, in the section {0} or before it, is never closed.</summary>
    TemplateBlockOpen,
    /// <summary>An answer to a question that is none.</summary>
    AnswerMissing,
    /// <summary>An answer that the question does not have.</summary>
    AnswerUnknown,
    /// <summary>An order in which not every place is given once.</summary>
    AnswerPlaces,
    /// <summary>More than {0} words, or one of more than {1} characters.</summary>
    AnswerWords,
    /// <summary>More than {0} ideas, or one of more than {1} characters.</summary>
    AnswerIdeas,
    /// <summary>More than {0} votes.</summary>
    AnswerVotes,
    /// <summary>Those who lead took the idea {0} away.</summary>
    IdeaTaken,
    /// <summary>Those who lead took {0} ideas of a question away, as many as they may.</summary>
    TooManyTaken,
    /// <summary>The question takes no answers any more.</summary>
    QuestionClosed,
    /// <summary>Another question is open.</summary>
    QuestionStillOpen,
    /// <summary>Everybody has seen the right answers.</summary>
    QuestionRevealed,
    /// <summary>A countdown of less than a minute or more than {0}.</summary>
    BadTimer,
    /// <summary>A session has {0} captions, as many as one may.</summary>
    TooManyCaptions,
    /// <summary>{0} people type captions already.</summary>
    TooManyWriters,
    /// <summary>Nobody called {0} takes part in the session.</summary>
    NotInSession,
    /// <summary>The question {0} of a registration form needs an answer.</summary>
    FormAnswerMissing,
    /// <summary>Line {0} of a registration form belongs to no question.</summary>
    FormOnlyQuestions,
    /// <summary>More than {0} questions in a registration form.</summary>
    FormTooMany,
    /// <summary>A question of a registration form has right answers.</summary>
    FormNoQuiz,
    /// <summary>Neither a number of sessions nor a last day, or both.</summary>
    SeriesEnd,
    /// <summary>A series of fewer than 2 or more than {0} sessions.</summary>
    SeriesLength,
    /// <summary>A session without sound and picture, or with them somewhere else.</summary>
    NoSoundAndPicture,
    /// <summary>{0} people have sound and picture already.</summary>
    SoundAndPictureFull,
    /// <summary>The member has sound and picture in another window.</summary>
    SoundAndPictureElsewhere,
    /// <summary>Who leads the session took the member out of sound and picture, for {0} minutes.</summary>
    SoundAndPictureRemoved,
    /// <summary>A signal between two browsers of no known kind, or without anything in it.</summary>
    BadSignal,
    /// <summary>A signal of {0} characters, where {1} are allowed.</summary>
    SignalTooLong,
    /// <summary>An outside address that is no https address of at most {0} characters.</summary>
    BadMeetingAddress,
    /// <summary>Those who lead the session want to know who asks.</summary>
    AnonymousNotAllowed,
    /// <summary>A member asked {0} questions within a minute.</summary>
    AskedTooFast,
    /// <summary>A member asked {0} questions in one session, as many as one may.</summary>
    AskedTooMuch,
    /// <summary>The session has {0} questions, as many as there may be.</summary>
    AudienceFull,
    /// <summary>A vote for one's own question.</summary>
    OwnQuestion,
    /// <summary>A vote for a question that is answered.</summary>
    AudienceAnswered,
    /// <summary>A question that is not open any more cannot be withdrawn.</summary>
    AudienceTakenUp,
    /// <summary>A file that is no PDF.</summary>
    NotPdf,
    /// <summary>A PDF of more than {0} MB.</summary>
    PdfTooLarge,
    /// <summary>A PDF of which not every page can be drawn, or that has none.</summary>
    PdfBroken,
    /// <summary>A PDF that asks for a password.</summary>
    PdfLocked,
    /// <summary>A PDF of more than {0} pages.</summary>
    PdfTooManyPages,
    /// <summary>A PDF whose pages were not drawn within {0} seconds.</summary>
    PdfTooSlow,
    /// <summary>Pictures of pages that are larger together than {0} MB.</summary>
    PdfTooMuch,
    /// <summary>In the room of those who lead a session are exactly those.</summary>
    TrainersRoomFits,
    /// <summary>In the talk about a practice is whoever sees its review: nobody is taken in and nobody leaves.</summary>
    TalkFits,
    /// <summary>What the topic is about was taken away: it is read, and takes no more messages.</summary>
    TopicEnded,
    /// <summary>This browser's guest was taken out of the session.</summary>
    GuestRemoved,
    /// <summary>A certificate for the answers to less than one or more than a hundred of a hundred questions.</summary>
    BadCertificateAnswers,
    /// <summary>A member saved a session's text {0} times within a minute.</summary>
    SavedTooFast,
    /// <summary>The minutes of a session have been made from its notes.</summary>
    NotesAreMinutes,
    /// <summary>Minutes that are approved stay as they are.</summary>
    MinutesApproved,
    /// <summary>The minutes are not those that the member has read.</summary>
    MinutesChanged,
    /// <summary>Nobody says anything about minutes after the end of their term.</summary>
    MinutesTermOver,
    /// <summary>Minutes are closed before the end of their term only when all have approved.</summary>
    MinutesNotAgreed,
    /// <summary>The last day of minutes is one of the next {0}.</summary>
    BadMinutesTerm,
}

/// <summary>A rule said no. The member reads its sentence where the act was tried; nothing was changed.</summary>
public sealed class RefusedException(Refusal refusal, params object[] arguments) : Exception(refusal.ToString())
{
    /// <summary>Which rule.</summary>
    public Refusal Refusal { get; } = refusal;

    /// <summary>What the sentence speaks of, in the order of its placeholders.</summary>
    public IReadOnlyList<object> Arguments { get; } = arguments;
}

/// <summary>Absent, or not this actor's to see: the two look the same from outside.</summary>
public sealed class NotFoundException(string what) : Exception(what + " not found");
