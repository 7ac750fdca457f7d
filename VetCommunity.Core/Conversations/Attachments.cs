using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Conversations;

/// <summary>Files that members bring along, before and after their message is posted.</summary>
public sealed class Attachments(CommunityDbFactory db, UploadFolder uploads, TimeProvider clock, ILogger<Attachments> log)
{
    /// <summary>The most characters of a description.</summary>
    public const int DescriptionLength = 500;
    /// <summary>How long an upload waits to be posted.</summary>
    public static readonly TimeSpan UnpostedLife = TimeSpan.FromHours(24);

    const long Megabyte = 1024 * 1024;

    /// <summary>How much of files is taken.</summary>
    public UploadSizes Sizes => uploads.Sizes;

    /// <summary>Takes a file. It is recognised by its content; an image is drawn anew without what else it said.</summary>
    /// <param name="actor">Who brings it.</param>
    /// <param name="content">Read once, to its end.</param>
    /// <param name="name">What it was called; only its last part counts.</param>
    /// <param name="description">What an image shows.</param>
    /// <param name="cancel">Gives up; nothing stays.</param>
    /// <exception cref="RefusedException">It is empty, too large, damaged or nothing that is taken, or there is no more room for it.</exception>
    /// <exception cref="NotFoundException">A visitor brings nothing.</exception>
    public async Task<PostedAttachment> UploadAsync(Actor actor, Stream content, string? name, string? description = null, CancellationToken cancel = default)
    {
        if (!actor.IsMember || !actor.May(Act.TakePart))
            throw new NotFoundException("page");
        var described = Described(description);
        await using var context = db.CreateDbContext();
        if (await Unposted(context).Where(a => a.UploaderId == actor.MemberId).SumAsync(a => a.Bytes, cancel) >= Sizes.UnpostedMegabytes * Megabyte)
            throw new RefusedException(Refusal.TooMuchUnposted, Sizes.UnpostedMegabytes);
        if (!uploads.HasRoom)
            throw new RefusedException(Refusal.NoRoomForFiles);
        var attachment = await new FileIntake(uploads, log).TakeAsync(content, name, described, cancel);
        var isKept = false;
        try
        {
            attachment.UploaderId = actor.MemberId;
            attachment.UploadedAt = clock.GetUtcNow();
            context.Add(attachment);
            await context.SaveChangesAsync(CancellationToken.None);
            isKept = true;
            return Shown(attachment);
        }
        finally
        {
            if (!isKept)
                uploads.Remove([attachment.Id]);
        }
    }

    /// <summary>An own upload that waits to be posted.</summary>
    /// <exception cref="NotFoundException">It is posted, expired, somebody else's or was never there.</exception>
    public async Task<PostedAttachment> UnpostedAsync(Actor actor, string id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return Shown(await Mine(context, actor, id).AsNoTracking().FirstOrDefaultAsync(cancel) ?? throw Absent());
    }

    /// <summary>Says what an own image shows, before it is posted.</summary>
    /// <exception cref="NotFoundException">It is posted, expired, somebody else's or was never there.</exception>
    public async Task<PostedAttachment> DescribeAsync(Actor actor, string id, string? description, CancellationToken cancel = default)
    {
        var described = Described(description);
        await using var context = db.CreateDbContext();
        if (await Mine(context, actor, id).Where(a => a.Kind == FileKind.Image).ExecuteUpdateAsync(set => set.SetProperty(a => a.Description, described), cancel) == 0)
            throw Absent();
        return await UnpostedAsync(actor, id, cancel);
    }

    /// <summary>Takes an own upload away before it is posted.</summary>
    /// <exception cref="NotFoundException">It is posted, expired, somebody else's or was never there.</exception>
    public async Task RemoveAsync(Actor actor, string id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        if (await Mine(context, actor, id).ExecuteDeleteAsync(cancel) == 0)
            throw Absent();
        uploads.Remove([id]);
    }

    /// <summary>Opens a file for whoever may read its conversation; before it is posted, for its uploader.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">Which.</param>
    /// <param name="thumbnail">The small picture of an image.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">There is none for this actor.</exception>
    public async Task<OpenedFile> OpenAsync(Actor actor, string id, bool thumbnail = false, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = IsId(id) ? await context.Attachments.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id, cancel) : null;
        if (found is null || (thumbnail && found.Kind != FileKind.Image))
            throw Absent();
        if (found.ConversationId is { } conversation)
            await DemandReaderAsync(context, actor, conversation, found.Seq!.Value, cancel);
        else if (found.DocumentId is not null || found.UploaderId != actor.MemberId || found.UploadedAt <= Expired)
            throw Absent();
        return new(uploads.Open(id, thumbnail) ?? throw Absent(), Shown(found));
    }

    /// <summary>Takes away what nobody posted in time, and files that a crash left without their attachment. Answers with how many.</summary>
    public async Task<int> SweepAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("page");
        var expired = Expired;
        await using var context = db.CreateDbContext();
        var old = await Unposted(context).Where(a => a.UploadedAt <= expired).Select(a => a.Id).ToListAsync(cancel);
        foreach (var some in old.Chunk(500))
            await Unposted(context).Where(a => some.Contains(a.Id)).ExecuteDeleteAsync(cancel);
        // A file younger than that may be on its way to its attachment.
        var swept = 0;
        foreach (var some in uploads.LeftBefore(expired).Concat(old).Distinct(StringComparer.Ordinal).ToList().Chunk(500))
        {
            var wanted = await context.Attachments.Where(a => some.Contains(a.Id)).Select(a => a.Id).ToListAsync(cancel);
            var left = some.Except(wanted, StringComparer.Ordinal).ToList();
            uploads.Remove(left);
            swept += left.Count;
        }
        return swept;
    }

    internal static bool IsId(string? id) => id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower);

    internal static PostedAttachment Shown(Attachment a) => new(a.Id, a.Name, a.Kind, a.ContentType, a.Bytes, a.Width, a.Height, a.Description);

    // Who judges a reported message sees its files; what is hidden shows them to its author and to those who judge.
    static async Task DemandReaderAsync(CommunityDb context, Actor actor, int conversation, long seq, CancellationToken cancel)
    {
        var message = await context.Messages.Where(m => m.ConversationId == conversation && m.Seq == seq).Select(m => new { m.AuthorId, m.HiddenAt }).FirstAsync(cancel);
        try
        {
            await AllConversations.FindAsync(context, actor, conversation.ToString(System.Globalization.CultureInfo.InvariantCulture), cancel);
            if (message.HiddenAt is null || message.AuthorId == actor.MemberId)
                return;
        }
        catch (NotFoundException) when (actor.IsMember)
        {
            // Judged below.
        }
        if (!await InCharge.OfAsync(context, actor, conversation, seq, cancel))
            throw Absent();
    }

    DateTimeOffset Expired => clock.GetUtcNow() - UnpostedLife;

    internal static IQueryable<Attachment> Unposted(CommunityDb context) => context.Attachments.Where(a => a.ConversationId == null && a.DocumentId == null);

    IQueryable<Attachment> Mine(CommunityDb context, Actor actor, string id)
    {
        var (known, expired) = (IsId(id) ? id : "", Expired);
        return Unposted(context).Where(a => a.Id == known && a.UploaderId == actor.MemberId && a.UploadedAt > expired);
    }

    static string Described(string? description)
    {
        var line = PlainText.Line(description);
        return line.Length <= DescriptionLength ? line : throw new RefusedException(Refusal.DescriptionTooLong, DescriptionLength);
    }

    static NotFoundException Absent() => new("file");
}
