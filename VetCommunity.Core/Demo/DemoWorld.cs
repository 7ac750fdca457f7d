using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Demo;

/// <summary>An account of the demo world.</summary>
public sealed record DemoAccount(string Email, string Name, Roles Roles);

/// <summary>Fills an empty installation with people, organisations and rooms to look at. Never touches one that has members.</summary>
public sealed class DemoWorld(CommunityDbFactory db, UploadFolder uploads, TimeProvider clock, ILogger<DemoWorld> log)
{
    /// <summary>The password of every demo account.</summary>
    public const string Password = "Demo-2026-vet!";

    /// <summary>The domain of every demo account's address.</summary>
    const string Domain = "@demo.example";

    /// <summary>Makes the demo world, if nobody is here yet. Answers whether it did.</summary>
    /// <param name="actor">The operator or an administrator.</param>
    /// <param name="folder">Where <c>people.json</c>, <c>organisations.json</c>, <c>glossary.json</c>, <c>adoptions.json</c>, <c>collections.json</c>, <c>reviews.json</c>, <c>rooms</c>, <c>practices</c>, <c>sessions</c> and <c>files</c> lie.</param>
    /// <param name="cancel">Stops; nothing is stored then.</param>
    public async Task<bool> SeedAsync(Actor actor, string folder, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("demo world");
        await using var context = db.CreateDbContext();
        if (await context.Users.AnyAsync(cancel))
            return false;
        if (!DemoFiles.ExistIn(folder))
        {
            log.LogWarning("There is no demo world in {Folder}: starting without it", folder);
            return false;
        }
        try
        {
            var files = DemoFiles.Read(folder);
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            context.ChangeTracker.AutoDetectChangesEnabled = false;
            await StoreAsync(context, files, Path.Combine(folder, "files"), cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or FileNotFoundException)
        {
            log.LogError(error, "The demo world cannot be read: starting without it");
            return false;
        }
    }

    /// <summary>The demo accounts that exist here, in the order in which they were made.</summary>
    public async Task<IReadOnlyList<DemoAccount>> AccountsAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("demo world");
        await using var context = db.CreateDbContext();
        return await context.Users.AsNoTracking().Where(m => m.Email!.EndsWith(Domain)).OrderBy(m => m.Id).Take(100)
            .Select(m => new DemoAccount(m.Email!, m.DisplayName, m.Roles)).ToListAsync(cancel);
    }

    async Task StoreAsync(CommunityDb context, DemoFiles files, string attachments, CancellationToken cancel)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var oldest = files.Rooms.SelectMany(room => room.Messages).Select(message => message.Age).DefaultIfEmpty().Max();
        var begin = now - oldest - TimeSpan.FromDays(1);
        var organisations = files.Organisations.Select(Organisation).ToDictionary(organisation => organisation.Slug, StringComparer.Ordinal);
        context.Organisations.AddRange(organisations.Values);
        await context.SaveChangesAsync(cancel);

        // One hash for all: hashing is slow on purpose, and the password is public.
        var hash = Passwords.HashOf(Password);
        Dictionary<string, Member> members = new(StringComparer.Ordinal);
        foreach (var person in files.People)
        {
            Organisation? organisation = null;
            if (person.Organisation is not null && !organisations.TryGetValue(person.Organisation, out organisation))
                throw new InvalidDataException($"{person.Handle} belongs to {person.Organisation}, which does not exist");
            if (!members.TryAdd(person.Handle, Member(person, organisation?.Id, hash, begin)))
                throw new InvalidDataException($"Two people have the handle {person.Handle}");
        }
        context.Users.AddRange(members.Values);
        await context.SaveChangesAsync(cancel);
        foreach (var person in files.People)
            context.BridgePairs.AddRange((person.Translates ?? []).Select(pair => DemoTranslation.Pair(members[person.Handle], pair)));
        foreach (var term in files.Glossary)
            await term.StoreAsync(context, members, begin, cancel);

        foreach (var (index, room) in files.Rooms.Index())
        {
            var talk = new DemoTalk(context, room, members, begin, now);
            await talk.StoreAsync(index, cancel);
            await talk.AttachAsync(attachments, new(uploads, log), cancel);
        }
        Dictionary<string, int> documents = new(StringComparer.Ordinal);
        foreach (var (index, practice) in files.Practices.Index())
        {
            var document = documents[practice.Slug] = await practice.StoreAsync(context, members, now - TimeSpan.FromDays(4 + (6 * index)), cancel);
            context.AddRange(files.Adoptions.Where(adoption => adoption.Practice == practice.Slug).Select(adoption => adoption.Of(document, members, now)));
        }
        foreach (var session in files.Sessions)
            await session.StoreAsync(context, members, now, cancel);
        foreach (var review in files.Reviews)
            await review.StoreAsync(context, documents.TryGetValue(review.Practice, out var reviewed) ? reviewed : throw new InvalidDataException($"There is no practice {review.Practice} to review"), members, now, cancel);
        foreach (var collection in files.Collections)
            await collection.StoreAsync(context, documents, members, now, cancel);
        await context.SaveChangesAsync(cancel);
    }

    static Organisation Organisation(DemoOrganisation file) => new()
    {
        Slug = file.Slug,
        Name = file.Name,
        Kind = Enum.TryParse<OrganisationKind>(file.Type, ignoreCase: true, out var kind) ? kind : throw new InvalidDataException($"{file.Slug}: unknown type {file.Type}"),
        Country = file.Country,
        Region = file.Region ?? "",
        Speaks = Words(file.Languages),
        Sectors = Words(file.Sectors),
        Description = file.Description ?? "",
        DescriptionLocal = file.DescriptionLocal ?? "",
        Website = file.Website ?? "",
    };

    static Member Member(DemoPerson file, int? organisation, string hash, DateTimeOffset joinedAt)
    {
        var member = NewMembers.Make(file.Handle, file.Name, file.Email, hash, joinedAt);
        member.EmailConfirmed = true;
        member.Roles = (file.Roles ?? []).Aggregate(Roles.Member, (roles, name) =>
            roles | (Enum.TryParse<Roles>(name, ignoreCase: true, out var role) ? role : throw new InvalidDataException($"{file.Handle}: unknown role {name}")));
        member.Country = file.Country;
        // The demo is shown in English until somebody chooses; what people speak and write is their own.
        member.Language = "en";
        member.Speaks = Words(file.Languages);
        member.Sectors = Words(file.Sectors);
        member.TimeZone = file.TimeZone ?? "Europe/Rome";
        member.Biography = file.Biography ?? "";
        member.OrganisationId = organisation;
        return member;
    }

    static string Words(string[]? words) => string.Join(' ', words ?? []);
}
