using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>That sessions belong together, one after the other.</summary>
public sealed class SessionSeries
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>How often they come.</summary>
    public SeriesRule Rule { get; set; }
    /// <summary>By whose clocks: there they begin at the same time, in summer and in winter.</summary>
    public required string TimeZone { get; set; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A session of a series.</summary>
/// <param name="Session">As in a list.</param>
/// <param name="Registered">How many take part.</param>
/// <param name="Capacity">How many may; null for any number.</param>
public sealed record SeriesRow(SessionRow Session, int Registered, int? Capacity);

/// <summary>A series as the page of one of its sessions shows it.</summary>
/// <param name="Rule">How often they come.</param>
/// <param name="TimeZone">By whose clocks.</param>
/// <param name="Rows">All of them, by their beginning.</param>
public sealed record SeriesSeen(SeriesRule Rule, string TimeZone, IReadOnlyList<SeriesRow> Rows);

/// <summary>What came of registering for several.</summary>
/// <param name="Places">In how many there is a place.</param>
/// <param name="Waiting">In how many the member waits or asks for one.</param>
/// <param name="Refused">In how many neither: they ask something of their own, are full with those who wait, or the trainers declined.</param>
public sealed record SeriesRegistration(int Places, int Waiting, int Refused);

/// <summary>
/// Sessions that come again. Each is a session of its own, with its slides, its room, its people and its record, made with the others or none is; what they share is the series, by which those who lead change this one and
/// those that follow, and others register for them.
/// </summary>
public sealed class LiveSeries(CommunityDbFactory db, AllDocuments documents, LiveSessions sessions, Feed feed, TimeProvider clock)
{
    const int Attempts = 3;

    sealed class NotAddedException(DbUpdateException error) : Exception("The sessions of a series could not be stored.", error);

    /// <summary>The times that the sessions of a series would have: nothing is made.</summary>
    /// <exception cref="RefusedException">As for making it.</exception>
    public static IReadOnlyList<(DateTimeOffset StartsAt, DateTimeOffset EndsAt)> Preview(Actor actor, SessionPlan plan, SeriesPlan series)
    {
        var clean = LiveSessions.Checked(plan);
        return SeriesDates.Of(series, clean.StartsAt, clean.EndsAt, actor.TimeZone);
    }

    /// <summary>Plans a series: all of its sessions, or none. The same form again is the same series.</summary>
    /// <param name="actor">Who plans; they are the trainer of each, and the series goes by their clock.</param>
    /// <param name="plan">The first session.</param>
    /// <param name="series">How it comes again.</param>
    /// <param name="formKey">1 to 60 characters that the form chose.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The address part of the first one.</returns>
    /// <exception cref="NotFoundException">The actor's roles do not allow it.</exception>
    /// <exception cref="RefusedException">As for a single one, or the series is too short or too long.</exception>
    public async Task<string> PlanAsync(Actor actor, SessionPlan plan, SeriesPlan series, string formKey, CancellationToken cancel = default)
    {
        if (!actor.IsMember || !actor.May(Act.HoldSessions))
            throw new NotFoundException("page");
        var clean = LiveSessions.Checked(plan);
        if (clean.EndsAt <= clock.GetUtcNow())
            throw new RefusedException(Refusal.SessionInThePast);
        var times = SeriesDates.Of(series, clean.StartsAt, clean.EndsAt, actor.TimeZone);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await documents.CreateAsync(actor, new(DocumentKind.Deck, clean.Title!, clean.Language!, formKey), text: null, also: async (context, document) =>
                {
                    try
                    {
                        await AddAsync(context, actor, document, clean, series.Rule, times, cancel);
                    }
                    catch (DbUpdateException error)
                    {
                        // It is not the first document whose address was taken.
                        throw new NotAddedException(error);
                    }
                }, cancel);
            }
            catch (NotAddedException) when (attempt < Attempts)
            {
                // Somebody else took one of the addresses in the same moment.
            }
            catch (NotAddedException error)
            {
                throw new DbUpdateException(error.Message, error.InnerException);
            }
        }
    }

    async Task AddAsync(CommunityDb context, Actor actor, Document first, SessionPlan plan, SeriesRule rule, IReadOnlyList<(DateTimeOffset StartsAt, DateTimeOffset EndsAt)> times, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var series = new SessionSeries { Rule = rule, TimeZone = actor.TimeZone, At = now };
        context.Add(series);
        await context.SaveChangesAsync(cancel);
        var beginning = await context.DocumentDrafts.Where(d => context.LanguageVersions.Any(v => v.Id == d.VersionId && v.DocumentId == first.Id)).Select(d => d.Markdown).SingleAsync(cancel);
        var stem = first.Slug[..Math.Min(first.Slug.Length, 48)].TrimEnd('-');
        var taken = (await context.Documents.Where(d => d.Kind == DocumentKind.Deck && d.Slug.StartsWith(stem)).Select(d => d.Slug).ToListAsync(cancel)).ToHashSet(StringComparer.Ordinal);
        foreach (var (index, (startsAt, endsAt)) in times.Index())
        {
            var document = index == 0 ? first : await DocumentAsync(index, startsAt);
            await LiveSessions.AddAsync(context, LiveSessions.Identity.Of(document, series.Id), plan with { StartsAt = startsAt, EndsAt = endsAt }, [(actor.MemberId, SessionRole.Trainer)], now, cancel);
        }

        async Task<Document> DocumentAsync(int index, DateTimeOffset startsAt)
        {
            var slug = stem + "-" + TimeZoneInfo.ConvertTime(startsAt, TimeZones.Of(actor.TimeZone)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            for (var number = 2; !taken.Add(slug); number++)
                slug = string.Create(CultureInfo.InvariantCulture, $"{slug[..(stem.Length + 11)]}-{number}");
            var document = new Document
            {
                Kind = DocumentKind.Deck,
                Slug = slug,
                OrganisationId = first.OrganisationId,
                CreatedById = first.CreatedById,
                CreatedAt = now,
                FormKey = string.Create(CultureInfo.InvariantCulture, $"{first.FormKey}-{index}"),
            };
            context.Add(document);
            await context.SaveChangesAsync(cancel);
            var version = new LanguageVersion { DocumentId = document.Id, Language = plan.Language!, CreatedById = first.CreatedById, CreatedAt = now };
            context.Add(version);
            await context.SaveChangesAsync(cancel);
            context.Add(new DocumentDraft { VersionId = version.Id, MemberId = actor.MemberId, Markdown = beginning, Version = 1, SavedAt = now });
            return document;
        }
    }

    /// <summary>The series of a session; null where it is in none.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    public async Task<SeriesSeen?> FindAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var me = actor.MemberId;
        var found = await context.LiveSessions.Where(s => s.Slug == slug && me != 0).Select(s => new { Series = context.SessionSeries.FirstOrDefault(one => one.Id == s.SeriesId) }).AsNoTracking().SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException("session");
        if (found.Series is not { } series)
            return null;
        var rows = await context.LiveSessions.Where(s => s.SeriesId == series.Id).OrderBy(s => s.StartsAt).ThenBy(s => s.Id).Take(SeriesDates.Most).Select(s => new SeriesRow(new(s.Slug, s.Title, s.Language, s.StartsAt, s.EndsAt, s.Phase,
            context.SessionPlaces.Where(p => p.SessionId == s.Id && p.MemberId == me).Select(p => (SessionRole?)p.Role).FirstOrDefault(),
            context.SessionRequests.Where(r => r.SessionId == s.Id && r.MemberId == me).Select(r => (RequestState?)r.State).FirstOrDefault()),
            context.SessionPlaces.Count(p => p.SessionId == s.Id && p.Role == SessionRole.Participant), s.Capacity)).ToListAsync(cancel);
        return new(series.Rule, series.TimeZone, rows);
    }

    /// <summary>The sessions of a series for a calendar; only the one where it is in none.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    public async Task<IReadOnlyList<LiveSession>> OfCalendarAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        var all = await context.LiveSessions.AsNoTracking().Where(s => s.Slug == slug || context.LiveSessions.Any(one => one.Slug == slug && one.SeriesId != null && one.SeriesId == s.SeriesId))
            .OrderBy(s => s.StartsAt).ThenBy(s => s.Id).Take(SeriesDates.Most).ToListAsync(cancel);
        return all.Count > 0 ? all : throw new NotFoundException("session");
    }

    /// <summary>
    /// Changes a session and those of its series that follow and have not begun: what is planned, and by as many days and to the same time by the clock. All are changed, or none is. Each of their people is told once that
    /// something was moved. Those that the actor does not lead stay as they are.
    /// </summary>
    /// <param name="actor">Who changes.</param>
    /// <param name="slug">Which session, which has not begun.</param>
    /// <param name="plan">What it is to be.</param>
    /// <param name="revision">The state of it that the actor saw.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>How many were changed.</returns>
    /// <exception cref="NotFoundException">Absent, in no series, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">As for changing a single one, whichever of them refuses.</exception>
    public async Task<int> ChangeFollowingAsync(Actor actor, string slug, SessionPlan plan, int revision, CancellationToken cancel = default)
    {
        var clean = LiveSessions.Checked(plan);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var number = await LiveSessions.LedBy(context, actor).Where(s => s.Slug == slug).Select(s => s.SeriesId).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("series");
        // Two who change the same series come one after the other, whichever of its sessions they hold first.
        await context.SessionSeries.Where(s => s.Id == number).ExecuteUpdateAsync(set => set.SetProperty(s => s.At, s => s.At), cancel);
        var zone = TimeZones.Of(await context.SessionSeries.Where(s => s.Id == number).Select(s => s.TimeZone).SingleAsync(cancel));
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        LiveSessions.CheckPlanned(session);
        if (session.Revision != revision)
            throw new RefusedException(Refusal.ChangedElsewhere);
        if (clean.EndsAt <= clock.GetUtcNow())
            throw new RefusedException(Refusal.SessionInThePast);
        var begin = session.StartsAt;
        var following = await LiveSessions.LedBy(context, actor).Where(s => s.SeriesId == number && s.Id != session.Id && s.StartsAt > begin && s.Phase == SessionPhase.Planned).OrderBy(s => s.Id).Select(s => s.Slug).ToListAsync(cancel);
        var (isMoved, old, shown, shownEnd) = (session.StartsAt != clean.StartsAt || session.EndsAt != clean.EndsAt, Shown(session.StartsAt), Shown(clean.StartsAt), Shown(clean.EndsAt));
        var days = DateOnly.FromDateTime(shown).DayNumber - DateOnly.FromDateTime(old).DayNumber;
        List<(LiveSession Session, SessionNews News)> changed = [];
        HashSet<int> told = [];
        await ApplyAsync(session, clean);
        foreach (var other in following)
        {
            var one = await LiveSessions.LockAsync(context, actor, other, leads: true, cancel);
            if (one.Phase != SessionPhase.Planned)
                continue;
            var (startsAt, endsAt) = isMoved ? SeriesDates.TimesOf(DateOnly.FromDateTime(Shown(one.StartsAt)).AddDays(days).ToDateTime(TimeOnly.FromDateTime(shown)), shownEnd - shown, clean.EndsAt - clean.StartsAt, zone) : (one.StartsAt, one.EndsAt);
            await ApplyAsync(one, clean with { StartsAt = startsAt, EndsAt = endsAt });
        }
        await transaction.CommitAsync(cancel);
        foreach (var (one, news) in changed)
        {
            news.Publish(feed);
            feed.Publish(new SessionChanged(one.ConversationId));
        }
        return changed.Count;

        DateTime Shown(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).DateTime;

        async Task ApplyAsync(LiveSession one, SessionPlan to) => changed.Add((one, await sessions.ApplyAsync(context, actor, one, to, told, cancel)));
    }

    /// <summary>Registers for a session and for all of its series that follow and have not begun. What is answered to a question counts in each that asks the same.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    /// <exception cref="RefusedException">As for registering for the first one; what refuses among the others is counted.</exception>
    public async Task<SeriesRegistration> RegisterAsync(Actor actor, string slug, IReadOnlyDictionary<int, Answer> answers, CancellationToken cancel = default)
    {
        List<SessionRegistration> came = [await sessions.RegisterAsync(actor, slug, answers, cancel)];
        var refused = 0;
        List<(string Slug, Dictionary<int, Answer> Answers)> following = [];
        await using (var context = db.CreateDbContext())
        {
            var first = await context.LiveSessions.AsNoTracking().SingleAsync(s => s.Slug == slug, cancel);
            var rows = await context.LiveSessions.Where(s => s.SeriesId != null && s.SeriesId == first.SeriesId && s.StartsAt > first.StartsAt && s.Phase == SessionPhase.Planned)
                .OrderBy(s => s.StartsAt).ThenBy(s => s.Id).Take(SeriesDates.Most).Select(s => new { s.Id, s.Slug }).ToListAsync(cancel);
            var ids = rows.ConvertAll(row => row.Id);
            ids.Add(first.Id);
            var asked = (await context.RegistrationQuestions.AsNoTracking().Where(q => q.Place > 0 && ids.Contains(q.SessionId)).ToListAsync(cancel)).ConvertAll(q => (q.SessionId, q.Id, Words: RegistrationForms.Words(QuestionTexts.Of(q.Texts).Original)));
            var given = asked.Where(q => q.SessionId == first.Id && answers.ContainsKey(q.Id)).GroupBy(q => q.Words, StringComparer.Ordinal).ToDictionary(q => q.Key, q => answers[q.First().Id], StringComparer.Ordinal);
            following.AddRange(rows.Select(row => (row.Slug, asked.Where(q => q.SessionId == row.Id && given.ContainsKey(q.Words)).ToDictionary(q => q.Id, q => given[q.Words]))));
        }
        foreach (var (other, own) in following)
        {
            try
            {
                came.Add(await sessions.RegisterAsync(actor, other, own, cancel));
            }
            catch (RefusedException)
            {
                refused++;
            }
        }
        return new(came.Count(one => one.IsIn), came.Count(one => !one.IsIn), refused);
    }
}
