using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Conversations;

/// <summary>
/// The last page of each conversation that is looked at, for as long as nothing happened in it: reading 50 messages costs more than all else that a page asks. Every change of a conversation raises its version;
/// what raises none, how people are called and what the room is, is compared each time. So what is given is what the database would give, but for the votes in polls, which raise no version either: whoever shows the page counts them.
/// </summary>
public sealed class LastPages : IDisposable
{
    // Of a hundred lively rooms; of twenty in which everybody writes the longest texts.
    const int Characters = 8_000_000;
    // What was deleted by other means than a message's own stays in memory no longer than this, though nobody is shown it.
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Characters });

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    // The version and the messages have to be of one moment: within a snapshot.
    internal async Task<OpenedConversation> OpenAsync(CommunityDb context, FoundConversation found, CancellationToken cancel)
    {
        if (await FindAsync(context, found, cancel) is { } kept)
            return found.With(kept.Messages, kept.HasOlder);
        var page = await ReadAsync(context, found, cancel);
        return found.With(page.Messages, page.HasOlder);
    }

    async Task<Page?> FindAsync(CommunityDb context, FoundConversation found, CancellationToken cancel) =>
        _kept.TryGetValue(found.Id, out Page? kept) && kept!.Version == found.Version && kept.Address == found.Address && kept.Language == found.Language
        && kept.People.SequenceEqual(await NamesAsync(context, kept.People.Select(one => one.Id), cancel)) ? kept : null;

    async Task<Page> ReadAsync(CommunityDb context, FoundConversation found, CancellationToken cancel)
    {
        HashSet<int> people = [];
        var (messages, hasOlder) = await MessageReading.LastAsync(context, found.Id, people, cancel);
        var page = new Page(found.Version, found.Address, found.Language, messages, hasOlder, await NamesAsync(context, people, cancel));
        _kept.Set(found.Id, page, new MemoryCacheEntryOptions
        {
            Size = messages.Sum(message => 300L + message.Html.Length + message.Markdown.Length + (message.Translations?.Sum(one => one.Html.Length + one.Markdown.Length) ?? 0)),
            AbsoluteExpirationRelativeToNow = Longest,
        });
        return page;
    }

    static readonly OftenAsked<IReadOnlyCollection<int>, Name> Names = new((context, people) =>
        context.Users.Where(u => people.Contains(u.Id)).OrderBy(u => u.Id).Select(u => new Name(u.Id, u.Handle, u.DisplayName, u.PictureVersion)));

    static async Task<List<Name>> NamesAsync(CommunityDb context, IEnumerable<int> people, CancellationToken cancel)
    {
        List<int> asked = [.. people];
        return asked.Count > 0 ? await Names.AskAsync(context, asked, cancel) : [];
    }

    sealed record Name(int Id, string Handle, string DisplayName, string? PictureVersion);

    sealed record Page(long Version, string Address, string Language, List<PostedMessage> Messages, bool HasOlder, List<Name> People);
}
