using VetCommunity.Core.Documents;
using VetCommunity.Core.Learning;

namespace VetCommunity.Core.Live;

/// <summary>What there is to make a lesson of.</summary>
/// <param name="Title">What the session is called.</param>
/// <param name="IsOver">Whether it is over: before, there is nothing to make.</param>
/// <param name="Language">In which language the text is.</param>
/// <param name="Languages">In which it can be made, those that are written left out.</param>
/// <param name="Markdown">The text; see <see cref="ReplayLesson"/>. Nothing of it is stored.</param>
/// <param name="Slug">The lesson that there is already, in other languages; null for none.</param>
/// <param name="Written">Its languages.</param>
public sealed record LessonBeginning(string Title, bool IsOver, string Language, IReadOnlyList<string> Languages, string Markdown, string? Slug, IReadOnlyList<string> Written);

/// <summary>What became of a lesson that was sent.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Number">The revision that holds it; 0 in a conflict.</param>
/// <param name="IsAsSent">Whether it says what was sent and no more, and nothing newer is there: what others wrote meanwhile is to be read before it is published.</param>
/// <param name="Conflict">What somebody else stored meanwhile and on what the actor writes now: nothing was stored then.</param>
public sealed record LessonSaved(string Slug, int Number, bool IsAsSent, (string Theirs, DraftPlace Place)? Conflict);

/// <summary>A lesson to be written on.</summary>
/// <param name="Document">Its languages and who may do what.</param>
/// <param name="Draft">The text.</param>
/// <param name="Title">What it is called, as its front matter says.</param>
/// <param name="Session">The session that it was made of; null where there is none.</param>
public sealed record OpenLesson(FoundDocument Document, OpenDraft Draft, string Title, string? Session);

/// <summary>The lesson of a session.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="IsPublished">Whether everybody reads it.</param>
public sealed record LessonOfSession(string Slug, bool IsPublished);

/// <summary>A published lesson in a list.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Language">In which language it is named here.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Languages">All in which it is published, the original first.</param>
/// <param name="At">When that was published.</param>
public sealed record LessonRow(string Slug, string Language, string Title, IReadOnlyList<(string Language, DateTimeOffset At)> Languages, DateTimeOffset At);

/// <summary>A published lesson.</summary>
/// <param name="Row">What lists know of it.</param>
/// <param name="Sections">What stands in it.</param>
/// <param name="Session">The session that it was made of; null where there is none.</param>
/// <param name="SessionTitle">What that is called.</param>
public sealed record ReadLesson(LessonRow Row, IReadOnlyList<LessonSection> Sections, string? Session, string SessionTitle);

/// <summary>What stands under one heading of a lesson.</summary>
/// <param name="Key">Its key, unique in the lesson; empty for what stands before the first heading.</param>
/// <param name="Heading">What the heading says.</param>
/// <param name="Parts">Text and questions in their order.</param>
public sealed record LessonSection(string Key, string Heading, IReadOnlyList<LessonPart> Parts);

/// <summary>A piece of a lesson: text, or a question.</summary>
/// <param name="Html">Sanitised; empty for a question.</param>
/// <param name="Question">The question; null for text.</param>
public sealed record LessonPart(string Html, Question? Question);
