using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Members;

/// <summary>An invitation to be made.</summary>
/// <param name="Email">Where it is mailed to; null for a link handed over by hand.</param>
/// <param name="Language">The language of the mail.</param>
/// <param name="Roles">Beyond that of a member; only who grants roles gives any.</param>
/// <param name="OrganisationId">Where the new member belongs: any for who edits organisations, otherwise the actor's own.</param>
public sealed record NewInvitation(string? Email, string? Language, Roles Roles = Roles.Member, int? OrganisationId = null);

/// <summary>A new invitation's link; it cannot be read again later.</summary>
public sealed record InvitationLink(string Address, DateTimeOffset ExpiresAt);

/// <summary>What became of an invitation.</summary>
public enum InvitationState
{
    /// <summary>It can be used.</summary>
    Open,
    /// <summary>It made an account.</summary>
    Used,
    /// <summary>It was taken back.</summary>
    Withdrawn,
    /// <summary>Its time is over.</summary>
    Expired,
}

/// <summary>An invitation in a list. <paramref name="UsedByHandle"/> is null as long as the new member has no page.</summary>
public sealed record InvitationLine(
    int Id, string? Email, Roles Roles, string? Organisation, string? By, DateTimeOffset At, DateTimeOffset ExpiresAt, InvitationState State, string? UsedByHandle, string? UsedBy);

/// <summary>One page of invitations, the newest first.</summary>
public sealed record InvitationPage(int Page, IReadOnlyList<InvitationLine> Lines, bool HasMore);

/// <summary>What an invited person is shown.</summary>
/// <param name="Email">The address it was mailed to; the account gets this one.</param>
/// <param name="By">Who invites; null for the set-up link.</param>
/// <param name="Organisation">Where the new member will belong.</param>
/// <param name="Roles">What the new member will be trusted with.</param>
public sealed record OpenInvitation(string? Email, string? By, string? Organisation, Roles Roles);

/// <summary>Invitations to the network: links that make one account each.</summary>
public sealed class Invitations(CommunityDbFactory databases, MailQueue mails, Registration registration, Site site, TimeProvider time, BreachedPasswords? breached = null)
{
    /// <summary>How long an invitation can be used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(14);

    /// <summary>How many invitations a page shows.</summary>
    public const int PageLength = 30;

    /// <summary>Makes an invitation, and mails it where an address is given.</summary>
    /// <exception cref="RefusedException">The address is none, the roles are not the actor's to give, or the organisation is not to be chosen.</exception>
    public async Task<InvitationLink> CreateAsync(Actor actor, NewInvitation invitation, CancellationToken cancel = default)
    {
        Demand(actor);
        var email = string.IsNullOrWhiteSpace(invitation.Email) ? null : NewMembers.CleanEmail(invitation.Email);
        var roles = invitation.Roles | Roles.Member;
        if (((int)roles & ~255) != 0 || (roles != Roles.Member && !actor.May(Act.GrantRoles)))
            throw new RefusedException(Refusal.BadRole);
        var now = time.GetUtcNow();
        var until = now + Life;
        var code = Secrets.New();
        var link = site.Address("/Account/Join/" + code);
        await using var db = databases.CreateDbContext();
        if (invitation.OrganisationId is { } organisation && !await Choosable(db, actor).AnyAsync(o => o.Id == organisation, cancel))
            throw new RefusedException(Refusal.BadChoice);
        db.Invitations.Add(new()
        {
            CodeHash = Secrets.HashOf(code),
            Email = email,
            Roles = roles,
            OrganisationId = invitation.OrganisationId,
            ById = actor.MemberId,
            At = now,
            ExpiresAt = until,
        });
        db.Note(now, actor, "invitation.created", actor.MemberId, roles.ToString());
        if (email is not null)
        {
            var language = Languages.OrEnglish(invitation.Language);
            mails.Add(db, new("Invitation", new(email, "", language, HomeZones.Of(language, country: null)), link, until, actor.Name), until);
        }
        await db.SaveChangesAsync(cancel);
        mails.Wake();
        return new(link, until);
    }

    /// <summary>The organisations to which the actor may invite, by name.</summary>
    public async Task<IReadOnlyList<(int Id, string Name)>> OrganisationsAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var db = databases.CreateDbContext();
        var all = await Choosable(db, actor).Select(o => new { o.Id, o.Name }).ToListAsync(cancel);
        return [.. all.OrderBy(o => o.Name, StringComparer.Create(System.Globalization.CultureInfo.GetCultureInfo(actor.Language), ignoreCase: true)).Select(o => (o.Id, o.Name))];
    }

    /// <summary>The actor's own invitations; an administrator sees everybody's.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="page">From 1.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<InvitationPage> ListAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        Demand(actor);
        page = Math.Clamp(page, 1, 100_000);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var found = await (
            from i in Seen(db, actor)
            join o in db.Organisations on i.OrganisationId equals o.Id into organisations
            from organisation in organisations.DefaultIfEmpty()
            join b in db.Users on i.ById equals b.Id into inviters
            from inviter in inviters.DefaultIfEmpty()
            join u in db.Users on i.UsedById equals u.Id into users
            from user in users.DefaultIfEmpty()
            orderby i.Id descending
            select new { Invitation = i, Organisation = organisation == null ? null : organisation.Name, By = inviter == null ? null : inviter.DisplayName, Handle = user == null || !user.EmailConfirmed ? null : user.Handle, User = user == null ? null : user.DisplayName })
            .Skip((page - 1) * PageLength).Take(PageLength + 1).ToListAsync(cancel);
        return new(page, [.. found.Take(PageLength).Select(row => new InvitationLine(
            row.Invitation.Id, row.Invitation.Email, row.Invitation.Roles, row.Organisation, row.By, row.Invitation.At, row.Invitation.ExpiresAt,
            StateOf(row.Invitation, now), row.Handle, row.User))], found.Count > PageLength);
    }

    /// <summary>Takes back an invitation that nobody has used; otherwise nothing happens.</summary>
    public async Task WithdrawAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        Demand(actor);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        if (!await Seen(db, actor).AnyAsync(i => i.Id == id, cancel))
            throw new NotFoundException("invitation");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Invitations.Where(i => i.Id == id && i.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancel) == 0)
            return;
        db.Note(now, actor, "invitation.withdrawn", actor.MemberId, id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>What the holder of a link is shown before making the account.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.LinkExpired"/></exception>
    public async Task<OpenInvitation> FindAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var invitation = await FindOpenAsync(db, code, cancel);
        var by = await db.Users.Where(m => m.Id == invitation.ById).Select(m => m.DisplayName).SingleOrDefaultAsync(cancel);
        var organisation = await db.Organisations.Where(o => o.Id == invitation.OrganisationId).Select(o => o.Name).SingleOrDefaultAsync(cancel);
        return new(invitation.Email, by, organisation, await GrantedAsync(db, invitation, cancel));
    }

    /// <summary>
    /// Makes the account of an invited person: once a link, also when two use it in one moment. Answers with whom to log in, where the address is
    /// proven (the link came by mail, or is the set-up link); otherwise null: the account waits for its confirmation.
    /// </summary>
    /// <exception cref="RefusedException">The link is used or expired, or what was typed is none that we take; the link then still works.</exception>
    public async Task<SignedIn?> AcceptAsync(Actor actor, string? code, NewAccount account, CancellationToken cancel = default)
    {
        string? mailedTo;
        await using (var db = databases.CreateDbContext())
            mailedTo = (await FindOpenAsync(db, code, cancel)).Email;
        var applicant = Applicant.Of(account with { Email = mailedTo ?? account.Email }, breached);
        var signedIn = await NewMembers.AgainAsync(() => AcceptAsync(actor, code, applicant, cancel));
        mails.Wake();
        return signedIn;
    }

    async Task<SignedIn?> AcceptAsync(Actor actor, string? code, Applicant applicant, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var invitation = await FindOpenAsync(db, code, cancel);
        var isProven = invitation.Email is not null || invitation.ById is null;
        var member = await db.Users.SingleOrDefaultAsync(m => m.NormalizedEmail == applicant.NormalizedEmail, cancel);
        if (member is { EmailConfirmed: true })
        {
            if (isProven)
                throw new RefusedException(Refusal.AddressKnown);
            // The link stays: its holder may have mistyped, and must not learn who has an account.
            registration.TellOwner(db, member);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return null;
        }
        if (await db.Invitations.Where(i => i.Id == invitation.Id && i.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancel) == 0)
            throw new RefusedException(Refusal.LinkExpired);
        member ??= await NewMembers.MakeAsync(db, applicant, now, cancel);
        member.Roles = await GrantedAsync(db, invitation, cancel);
        member.OrganisationId = invitation.OrganisationId;
        await db.SaveChangesAsync(cancel);
        await db.Invitations.Where(i => i.Id == invitation.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedById, member.Id), cancel);
        db.Note(now, actor, "member.invited", member.Id, member.Roles.ToString());
        if (isProven)
        {
            // Somebody may have registered the address before, and waited for its owner to confirm it.
            await AccountLinks.UseUpAsync(db, member.Id, LinkPurpose.Confirm, now, cancel);
            member.EmailConfirmed = true;
            member.DisplayName = applicant.Name;
            member.PasswordHash = applicant.PasswordHash;
            Sessions.Restamp(member);
            await Privacy.Consents.GivenAsync(db, member.Id, now, Privacy.ConsentPurpose.Privacy, cancel);
        }
        else
        {
            registration.AskToConfirm(db, member, applicant.Addressee, applicant.Name, applicant.PasswordHash);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return isProven ? new(Accounts.ActorOf(member), member.SecurityStamp!) : null;
    }

    async Task<Invitation> FindOpenAsync(CommunityDb db, string? code, CancellationToken cancel)
    {
        var hash = Secrets.HashOf(code ?? "");
        var now = time.GetUtcNow();
        var invitation = await db.Invitations.AsNoTracking().SingleOrDefaultAsync(i => i.CodeHash == hash && i.UsedAt == null && i.ExpiresAt > now, cancel)
            ?? throw new RefusedException(Refusal.LinkExpired);
        // What a suspended member has handed out opens nothing, and a set-up link only an installation that nobody administers.
        var isOpen = invitation.ById is { } by
            ? await db.Users.Seen(now).AnyAsync(m => m.Id == by, cancel)
            : !await FirstAdministrator.ExistsAsync(db, cancel);
        return isOpen ? invitation : throw new RefusedException(Refusal.LinkExpired);
    }

    // Who may no longer grant roles has not granted these.
    static async Task<Roles> GrantedAsync(CommunityDb db, Invitation invitation, CancellationToken cancel) =>
        invitation.ById is not { } by || Rights.Of(await db.Users.Where(m => m.Id == by).Select(m => m.Roles).SingleAsync(cancel)).Contains(Act.GrantRoles)
            ? invitation.Roles | Roles.Member
            : Roles.Member;

    static IQueryable<Organisation> Choosable(CommunityDb db, Actor actor) => actor.May(Act.EditOrganisations)
        ? db.Organisations.AsNoTracking()
        : db.Organisations.AsNoTracking().Where(o => db.Users.Any(m => m.Id == actor.MemberId && m.OrganisationId == o.Id));

    static IQueryable<Invitation> Seen(CommunityDb db, Actor actor) => db.Invitations.AsNoTracking()
        .Where(actor.May(Act.Administer) ? i => i.ById != null : i => i.ById == actor.MemberId);

    static InvitationState StateOf(Invitation invitation, DateTimeOffset now) =>
        invitation.UsedById is not null ? InvitationState.Used
        : invitation.UsedAt is not null ? InvitationState.Withdrawn
        : invitation.ExpiresAt <= now ? InvitationState.Expired
        : InvitationState.Open;

    static void Demand(Actor actor)
    {
        if (!actor.IsMember || !actor.May(Act.InviteToNetwork))
            throw new NotFoundException("invitations");
    }
}
