using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>
/// What is asked of whoever registers for a session: the questions of <see cref="QuestionBlocks"/>, written as in slides, in one language or several. Those who lead the session write them and read the answers, and
/// nobody else does. An answer belongs to the words that were asked: with others it is another question, and the one that was answered stays for those who read.
/// </summary>
public sealed class RegistrationForms(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Questions of a form.</summary>
    public const int Most = 10;

    /// <summary>Characters of a form in one language.</summary>
    public const int Text = 20_000;

    /// <summary>People of one page.</summary>
    public const int Page = 50;

    /// <summary>Of whoever answers nothing.</summary>
    public static readonly IReadOnlyDictionary<int, Answer> NoAnswers = new Dictionary<int, Answer>();

    // Questions that are asked no more and were answered.
    const int MostFormer = 30;

    /// <summary>The text of a form in one language, for who writes it.</summary>
    /// <exception cref="NotFoundException">Absent, no such language, or the actor does not lead the session.</exception>
    public async Task<RegistrationDraft> OpenAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await LiveSessions.LedBy(context, actor).Where(s => s.Slug == slug).Select(s => (int?)s.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        if (!Languages.All.Contains(language))
            throw new NotFoundException("language");
        var texts = await context.RegistrationTexts.AsNoTracking().Where(t => t.SessionId == session).OrderBy(t => t.Id).ToListAsync(cancel);
        var own = texts.Find(t => t.Language == language);
        var answered = await context.RegistrationAnswers.Where(a => context.RegistrationQuestions.Any(q => q.Id == a.QuestionId && q.SessionId == session)).Select(a => a.MemberId).Distinct().CountAsync(cancel);
        // Who translates begins with what there is to translate.
        return new(own?.Markdown ?? (texts.Count > 0 ? texts[0].Markdown : ""), own?.Version ?? 0, texts.ConvertAll(t => t.Language), answered);
    }

    /// <summary>Stores the text of a form, of which the questions are asked from now on; an empty one asks nothing.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="language">In which language.</param>
    /// <param name="markdown">What.</param>
    /// <param name="version">The one that the actor saw, see <see cref="RegistrationDraft.Version"/>.</param>
    /// <param name="following">Whether the same is asked in those of its series that follow, have not begun and are led by the actor.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Why blocks of it are no questions; then nothing is stored.</returns>
    /// <exception cref="NotFoundException">Absent, no such language, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">It is over, the text is too long, has more than questions or too many of them, or somebody else changed it meanwhile.</exception>
    public async Task<IReadOnlyList<QuestionFault>> SaveAsync(Actor actor, string slug, string language, string? markdown, int version, bool following = false, CancellationToken cancel = default)
    {
        if (!Languages.All.Contains(language))
            throw new NotFoundException("language");
        var text = PlainText.Whole((markdown ?? "").Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n")).Trim('\n').TrimEnd();
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // Two who change the same series come one after the other.
        if (following)
            await context.SessionSeries.Where(series => LiveSessions.LedBy(context, actor).Any(s => s.Slug == slug && s.SeriesId == series.Id)).ExecuteUpdateAsync(set => set.SetProperty(s => s.At, s => s.At), cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        LiveSessions.CheckOpen(session);
        if (Check(text) is { Count: > 0 } faults)
            return faults;
        var known = await context.RegistrationTexts.SingleOrDefaultAsync(t => t.SessionId == session.Id && t.Language == language, cancel);
        if ((known?.Version ?? 0) != version && known?.Markdown != text)
            throw new RefusedException(Refusal.ChangedElsewhere);
        await StoreAsync(context, session, language, text, cancel);
        if (following && session.SeriesId is { } series)
        {
            var begin = session.StartsAt;
            foreach (var other in await LiveSessions.LedBy(context, actor).Where(s => s.SeriesId == series && s.StartsAt > begin && s.Phase == SessionPhase.Planned).OrderBy(s => s.Id).Select(s => s.Slug).ToListAsync(cancel))
            {
                if (await LiveSessions.LockAsync(context, actor, other, leads: true, cancel) is { Phase: SessionPhase.Planned } one)
                    await StoreAsync(context, one, language, text, cancel);
            }
        }
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>In the caller's transaction, which has locked the session: the text and its questions, of which those that were asked in the same words stay themselves.</summary>
    static async Task StoreAsync(CommunityDb context, LiveSession session, string language, string text, CancellationToken cancel)
    {
        var texts = await context.RegistrationTexts.Where(t => t.SessionId == session.Id).OrderBy(t => t.Id).ToListAsync(cancel);
        var own = texts.Find(t => t.Language == language);
        if (own is null)
        {
            own = new() { SessionId = session.Id, Language = language, Markdown = text };
            texts.Add(own);
            context.Add(own);
        }
        (own.Markdown, own.Version) = (text, own.Version + 1);
        var asked = QuestionsOf(texts);
        var known = await context.RegistrationQuestions.Where(q => q.SessionId == session.Id).OrderBy(q => q.Id).ToListAsync(cancel);
        foreach (var question in known)
            question.Place = 0;
        foreach (var (index, question) in asked.Index())
        {
            // The original says which question it is; its translations may be mended.
            var same = known.Find(one => one.Place == 0 && SameWords(QuestionTexts.Of(one.Texts).Original, question.Original));
            if (same is null)
                context.Add(same = new() { SessionId = session.Id, Texts = "" });
            (same.Place, same.Texts) = (index + 1, question.Stored);
        }
        foreach (var question in known.Where(one => one.Place == 0))
        {
            if (!await context.RegistrationAnswers.AnyAsync(a => a.QuestionId == question.Id, cancel))
                context.Remove(question);
        }
        await context.SaveChangesAsync(cancel);
    }

    static bool SameWords(Question one, Question other) => Words(one) == Words(other);

    internal static string Words(Question question) => QuestionBlocks.Print(question with { Name = null, IsRequired = false });

    /// <summary>The questions of the original with the same ones in its other languages: those of the same name, or of the same place where they have none.</summary>
    internal static List<QuestionTexts> QuestionsOf(IReadOnlyList<RegistrationText> texts)
    {
        var all = texts.Select(text => (text.Language, Questions: QuestionBlocks.In(text.Markdown, ofForm: true).Where(block => block.Question is not null).Select(block => block.Question!).ToList())).ToList();
        return [.. all[0].Questions.Select((question, index) => new QuestionTexts([(all[0].Language, question), .. all.Skip(1)
            .Select(one => (one.Language, Question: question.Name is { } name ? one.Questions.Find(other => other.Name == name) : one.Questions.ElementAtOrDefault(index)))
            .Where(one => one.Question is { } other && other.IsLike(question) && (question.Name is not null || other.Name is null)).Select(one => (one.Language, one.Question! with { IsRequired = question.IsRequired }))]))];
    }

    // A form is read by all at once: what would not be asked as it was meant is not stored.
    static List<QuestionFault> Check(string text)
    {
        if (text.Length > Text)
            throw new RefusedException(Refusal.TextTooLong, text.Length, Text);
        var blocks = QuestionBlocks.In(text, ofForm: true);
        List<QuestionFault> faults = [.. blocks.Where(block => block.Fault is not null).Select(block => block.Fault!)];
        faults.AddRange(blocks.Where(block => block.Question?.Name is not null).GroupBy(block => block.Question!.Name!, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => new QuestionFault(same.ElementAt(1).First, QuestionFaultKind.NameTwice, same.Key)));
        // Whoever registers sees no ideas of others to vote for.
        faults.AddRange(blocks.Where(block => block.Question is IdeasQuestion).Select(block => new QuestionFault(block.First, QuestionFaultKind.OnlyOnStage)));
        if (faults.Count > 0)
            return faults;
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (line.Trim().Length > 0 && !blocks.Any(block => index + 1 >= block.First && index + 1 <= block.Last))
                throw new RefusedException(Refusal.FormOnlyQuestions, index + 1);
        }
        if (blocks.Count > Most)
            throw new RefusedException(Refusal.FormTooMany, Most);
        foreach (var block in blocks)
        {
            if (block.Question!.IsQuiz)
                throw new RefusedException(Refusal.FormNoQuiz);
            // What nobody could be shown is not asked.
            _ = PersonsMarkdown.PartToHtml(block.Question.Text);
            _ = PersonsMarkdown.PartToHtml(block.Question.Explanation);
        }
        return [];
    }

    /// <summary>What is asked at registration, in its order, with the reader's answers; then what is asked no more and they answered.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    public async Task<IReadOnlyList<AskedAtRegistration>> AskedAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var me = actor.IsMember ? actor.MemberId : 0;
        if (!await context.LiveSessions.AnyAsync(s => s.Slug == slug && me != 0, cancel))
            throw new NotFoundException("session");
        var rows = await (
            from q in context.RegistrationQuestions
            where context.LiveSessions.Any(s => s.Id == q.SessionId && s.Slug == slug)
            let mine = context.RegistrationAnswers.Where(a => a.QuestionId == q.Id && a.MemberId == me).Select(a => a.Answer).FirstOrDefault()
            where q.Place > 0 || mine != null
            orderby q.Place == 0, q.Place, q.Id
            select new { q.Id, q.Place, q.Texts, Mine = mine }).Take(Most + MostFormer).ToListAsync(cancel);
        return [.. rows.Select(row => new AskedAtRegistration(row.Id, row.Place, QuestionTexts.Of(row.Texts), row.Mine))];
    }

    /// <summary>Changes the own answers, until the session begins.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor has not registered for it.</exception>
    /// <exception cref="RefusedException">It has begun or is over, or an answer is missing or none.</exception>
    public async Task AnswerAsync(Actor actor, string slug, IReadOnlyDictionary<int, Answer> answers, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: false, cancel);
        if (!await context.SessionPlaces.AnyAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId && p.Role == SessionRole.Participant, cancel)
            && !await context.SessionRequests.AnyAsync(r => r.SessionId == session.Id && r.MemberId == actor.MemberId && r.State != RequestState.Declined, cancel))
            throw new NotFoundException("registration");
        LiveSessions.CheckPlanned(session);
        await KeepAsync(context, session, actor.MemberId, answers, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>In the caller's transaction, which has locked the session: keeps what was answered to the questions that are asked now.</summary>
    /// <exception cref="RefusedException">An answer is missing or none.</exception>
    internal static async Task KeepAsync(CommunityDb context, LiveSession session, int member, IReadOnlyDictionary<int, Answer> answers, DateTimeOffset now, CancellationToken cancel)
    {
        var questions = await context.RegistrationQuestions.Where(q => q.SessionId == session.Id && q.Place > 0).OrderBy(q => q.Place).ToListAsync(cancel);
        if (questions.Count == 0)
            return;
        var mine = await context.RegistrationAnswers.Where(a => a.MemberId == member && context.RegistrationQuestions.Any(q => q.Id == a.QuestionId && q.SessionId == session.Id)).ToListAsync(cancel);
        foreach (var question in questions)
        {
            var kept = Kept(question.Place, QuestionTexts.Of(question.Texts).Original, answers.GetValueOrDefault(question.Id));
            var before = mine.Find(a => a.QuestionId == question.Id);
            if (kept is null && before is not null)
                context.Remove(before);
            else if (kept is not null && before is null)
                context.Add(new RegistrationAnswer { QuestionId = question.Id, MemberId = member, Answer = kept, At = now });
            else if (kept is not null && before!.Answer != kept)
                (before.Answer, before.At) = (kept, now);
        }
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>An answer as it is kept; null for none.</summary>
    /// <exception cref="RefusedException">There has to be one, or it is none to this question.</exception>
    public static string? Kept(int place, Question question, Answer? answer)
    {
        if (answer is not null && (answer.Numbers.Count > 0 || !string.IsNullOrWhiteSpace(answer.Text)))
            return question.Keep(answer);
        return question.IsRequired ? throw new RefusedException(Refusal.FormAnswerMissing, place) : null;
    }

    /// <summary>In the caller's transaction: whoever registers no more has answered nothing.</summary>
    internal static Task<int> ForgetAsync(CommunityDb context, int session, int member, CancellationToken cancel) =>
        context.RegistrationAnswers.Where(a => a.MemberId == member && context.RegistrationQuestions.Any(q => q.Id == a.QuestionId && q.SessionId == session)).ExecuteDeleteAsync(cancel);

    /// <summary>A page of those who registered, with what they answered.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="page">1, 2, 3 …; null for all, who are no more than may register.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<RegistrationSheet> ListAsync(Actor actor, string slug, int? page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await LiveSessions.LedBy(context, actor).Where(s => s.Slug == slug).Select(s => (int?)s.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        var questions = (await context.RegistrationQuestions.AsNoTracking().Where(q => q.SessionId == session).OrderBy(q => q.Place == 0).ThenBy(q => q.Place).ThenBy(q => q.Id).Take(Most + MostFormer).ToListAsync(cancel))
            .ConvertAll(q => new AskedAtRegistration(q.Id, q.Place, QuestionTexts.Of(q.Texts), Mine: null));
        var ids = context.SessionPlaces.Where(p => p.SessionId == session && p.Role == SessionRole.Participant).Select(p => p.MemberId).Union(context.SessionRequests.Where(r => r.SessionId == session).Select(r => r.MemberId));
        var people =
            from u in context.Users
            where ids.Contains(u.Id)
            let since = context.SessionPlaces.Where(p => p.SessionId == session && p.MemberId == u.Id && p.Role == SessionRole.Participant).Select(p => (DateTimeOffset?)p.Since).FirstOrDefault()
            let state = context.SessionRequests.Where(r => r.SessionId == session && r.MemberId == u.Id).Select(r => (RequestState?)r.State).FirstOrDefault()
            let asked = context.SessionRequests.Where(r => r.SessionId == session && r.MemberId == u.Id).Select(r => (DateTimeOffset?)r.At).FirstOrDefault()
            where since != null || state != null
            orderby u.DisplayName, u.Id
            select new { u.Id, u.Handle, u.DisplayName, Organisation = u.Organisation!.Name, u.Country, Since = since, State = state, Asked = asked };
        var rows = await (page is { } number ? people.Skip((Math.Clamp(number, 1, 1000) - 1) * Page).Take(Page + 1) : people.Take(LiveSessions.MostPeople + Registrations.Most)).ToListAsync(cancel);
        var shown = page is null ? rows : rows.Take(Page).ToList();
        var (shownIds, numbers) = (shown.ConvertAll(one => one.Id), questions.ConvertAll(one => one.Number));
        var answers = (await context.RegistrationAnswers.AsNoTracking().Where(a => numbers.Contains(a.QuestionId) && shownIds.Contains(a.MemberId)).ToListAsync(cancel)).ToLookup(a => a.MemberId);
        var byNumber = questions.ToDictionary(one => one.Number, one => one.Texts.Original);
        return new(questions, [.. shown.Select(one => new RegistrationLine(one.Handle, one.DisplayName, one.Organisation, one.Country ?? "", one.State, one.Since ?? one.Asked ?? default,
            answers[one.Id].ToDictionary(a => a.QuestionId, a => RegistrationSheet.Shown(byNumber[a.QuestionId], a.Answer))))], page is not null && rows.Count > Page);
    }
}
