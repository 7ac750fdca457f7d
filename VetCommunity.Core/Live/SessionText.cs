using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>Which text of a session it is.</summary>
public enum SessionTextKind
{
    /// <summary>What all in it write together.</summary>
    Notes = 1,
    /// <summary>What those who lead make of them.</summary>
    Minutes = 2,
}

/// <summary>A stored state of one of a session's texts. The newest is the text; those before it are what is still being written on.</summary>
public sealed class SessionText
{
    /// <summary>Of which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Which of its texts.</summary>
    public SessionTextKind Kind { get; set; }
    /// <summary>From 1; the newest has the highest.</summary>
    public int Number { get; set; }
    /// <summary>Markdown.</summary>
    public required string Text { get; set; }
    /// <summary>Who saved it.</summary>
    public int ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>How a text stands.</summary>
/// <param name="Number">The newest state; 0 before the first.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Handle">Who saved it; empty before the first, and for who left.</param>
/// <param name="Name">Their name.</param>
/// <param name="At">When; null before the first.</param>
public sealed record WrittenText(int Number, string Text, string Handle, string Name, DateTimeOffset? At)
{
    /// <inheritdoc cref="FormerMember.HandleOf"/>
    public string Handle { get => FormerMember.HandleOf(field); init; } = Handle;

    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>What became of a save.</summary>
/// <param name="Number">The newest state.</param>
/// <param name="IsMerged">It holds also what others saved since the one that was written on.</param>
/// <param name="Theirs">Where nothing was saved: what others made of the same lines. Whoever saves once more, on this number, has seen it.</param>
public sealed record TextSaved(int Number, bool IsMerged, string? Theirs)
{
    /// <summary>Nothing was saved; somebody has to decide.</summary>
    public bool IsConflict => Theirs is not null;
}

/// <summary>The texts of sessions: how one stands, and how it is saved so that two who write at once lose nothing.</summary>
static class SessionWriting
{
    // On what is older nobody merges any more: who writes on it sees both texts.
    internal const int Kept = 100;

    public static async Task<WrittenText> NewestAsync(CommunityDb context, int session, SessionTextKind kind, CancellationToken cancel) => await (
        from t in context.SessionTexts
        where t.SessionId == session && t.Kind == kind
        join u in context.Users on t.ById equals u.Id
        orderby t.Number descending
        select new WrittenText(t.Number, t.Text, u.Handle, u.DisplayName, t.At)).FirstOrDefaultAsync(cancel) ?? new(0, "", "", "", null);

    /// <summary>What a database can hold and a page can show.</summary>
    /// <exception cref="RefusedException">It is too long, or deeper than anybody could read.</exception>
    public static string Checked(string? text, int longest)
    {
        var clean = PlainText.Within(PlainText.Whole((text ?? "").Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").TrimEnd()), longest);
        _ = PersonsMarkdown.ToHtml(clean);
        return clean;
    }

    /// <summary>In the caller's transaction, which has locked the session: saves a text that was written on the state of a number. What says nothing new is no new state.</summary>
    /// <exception cref="RefusedException">Put together with what others saved, it is too long or too deep.</exception>
    public static async Task<TextSaved> SaveAsync(CommunityDb context, Actor actor, LiveSession session, SessionTextKind kind, string mine, int seen, int longest, CancellationToken cancel)
    {
        var states = context.SessionTexts.Where(t => t.SessionId == session.Id && t.Kind == kind);
        var newest = await states.AsNoTracking().OrderByDescending(t => t.Number).FirstOrDefaultAsync(cancel);
        var (number, theirs, text) = (newest?.Number ?? 0, newest?.Text ?? "", mine);
        if (seen != number && mine != theirs)
        {
            var origin = seen == 0 ? "" : await states.Where(t => t.Number == seen).Select(t => t.Text).SingleOrDefaultAsync(cancel);
            if (origin is null || ThreeWayMerge.TextOf(ThreeWayMerge.Of(origin, mine, theirs)) is not { } merged)
                return new(number, IsMerged: false, theirs);
            text = Checked(merged, longest);
        }
        if (text == theirs)
            return new(number, text != mine, Theirs: null);
        context.Add(new SessionText { SessionId = session.Id, Kind = kind, Number = number + 1, Text = text, ById = actor.MemberId, At = context.Clock.GetUtcNow() });
        await context.SaveChangesAsync(cancel);
        await states.Where(t => t.Number <= number + 1 - Kept).ExecuteDeleteAsync(cancel);
        return new(number + 1, text != mine, Theirs: null);
    }
}
