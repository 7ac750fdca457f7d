using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>What the pages share on which a lesson is written: its form, what somebody else made of it meanwhile, and publishing.</summary>
public abstract class LessonForm(ILogger log) : LiveForm(log)
{
    [Inject] protected Lessons Lessons { get; set; } = null!;
    [Inject] protected IStringLocalizer<LessonTexts> Words { get; set; } = null!;

    protected string Key { get; } = Guid.NewGuid().ToString("N");

    /// <summary>In a conflict: what others made of the same lines.</summary>
    protected string? Theirs { get; private set; }

    /// <summary>On what the text in the form was written; null where nothing was stored before.</summary>
    protected DraftPlace? Place { get; set; }

    protected string Sent => AsWritten(Posted("markdown"));

    /// <summary>Where the form leads that was stored; null stays, with both texts in a conflict.</summary>
    protected async Task<string?> DoneAsync(LessonSaved saved, string language)
    {
        if (saved.Conflict is { } conflict)
        {
            // Nothing is overwritten: both texts stand here, and whoever sends once more has seen them.
            (Theirs, Place) = (conflict.Theirs, conflict.Place);
            return null;
        }
        var isPublished = Posted("act") == "publish" && saved.IsAsSent;
        if (isPublished)
            await Lessons.PublishAsync(Current.Actor, saved.Slug, language, saved.Number, Http.RequestAborted);
        return $"/lessons/{saved.Slug}/edit?language={language}&done={(isPublished ? "published" : saved.IsAsSent ? "saved" : "merged")}";
    }
}
