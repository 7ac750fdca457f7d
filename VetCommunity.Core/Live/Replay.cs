using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Live;

/// <summary>When a slide was on the stage for the first time.</summary>
/// <param name="Slide">Its place in the original deck.</param>
/// <param name="At">Counted from the beginning of the session.</param>
/// <param name="Title">Its title in the reader's language where there is one.</param>
/// <param name="Language">The language of that title.</param>
public sealed record ReplayChapter(int Slide, TimeSpan At, string Title, string Language);

/// <summary>A session as it was at one moment.</summary>
/// <param name="Stage">What stood on the stage, and who spoke.</param>
/// <param name="At">Which moment, counted from the beginning; never behind the end.</param>
/// <param name="Length">How long the session was.</param>
/// <param name="Next">When the next thing happens that is shown; null where nothing more does.</param>
/// <param name="Said">What had been said in its room since the beginning, the newest last; at most <see cref="Replays.MostSaid"/>. What was deleted or hidden since is not in it.</param>
/// <param name="Captions">What had been typed last in each language.</param>
/// <param name="Now">The time that it was.</param>
/// <param name="Answering">The question from the audience that was being answered; null for none.</param>
public sealed record ReplayMoment(StageState Stage, TimeSpan At, TimeSpan Length, TimeSpan? Next, IReadOnlyList<PostedMessage> Said, IReadOnlyList<CaptionLines> Captions, DateTimeOffset Now, AudienceLine? Answering = null);

/// <summary>What in a replay holds some words.</summary>
/// <param name="Slides">Slides that were on the stage.</param>
/// <param name="Said">What was said in its room during the session, with its moment.</param>
/// <param name="Captions">Captions, at most <see cref="Replays.MostCaptions"/>, with their moment and language.</param>
public sealed record ReplayHits(IReadOnlyList<ReplayChapter> Slides, IReadOnlyList<(TimeSpan At, Search.FoundMessage Message)> Said, IReadOnlyList<(TimeSpan At, string Language, string Text)> Captions);
