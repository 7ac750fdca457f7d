using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Bridging;

/// <summary>A translation with its author's names.</summary>
sealed record TranslationRow(Translation Translation, string Handle, string Name, string? Picture);

/// <summary>Reads translations, those of a page of messages together.</summary>
static class BridgeReading
{
    /// <summary>Accepted ones by message, in the order of the languages; <paramref name="people"/> takes whose they are.</summary>
    public static async Task<Dictionary<long, List<PostedTranslation>>> AcceptedAsync(
        CommunityDb context, int conversation, IReadOnlyDictionary<long, string> texts, ISet<int>? people, CancellationToken cancel)
    {
        if (texts.Count == 0)
            return [];
        var seqs = texts.Keys.ToList();
        var rows = await RowsAsync(context, context.Translations.Where(t => t.ConversationId == conversation && seqs.Contains(t.Seq) && t.IsAccepted == 1), cancel);
        people?.UnionWith(rows.Select(row => row.Translation.ById));
        return rows.GroupBy(row => row.Translation.Seq).ToDictionary(message => message.Key, message => message.Select(row => Shown(row, texts[message.Key])).ToList());
    }

    /// <summary>All of one message, accepted ones first.</summary>
    public static async Task<List<TranslationRow>> AllAsync(CommunityDb context, int conversation, long seq, CancellationToken cancel) =>
        [.. (await RowsAsync(context, context.Translations.Where(t => t.ConversationId == conversation && t.Seq == seq), cancel)).OrderByDescending(row => row.Translation.IsAccepted)];

    public static PostedTranslation Shown(TranslationRow row, string original) => new(row.Translation.Id, row.Translation.To, new(row.Handle, row.Name, row.Picture),
        row.Translation.Markdown, row.Translation.Html, row.Translation.At, row.Translation.OfText != BridgeRules.StampOf(original), row.Translation.Machine);

    static Task<List<TranslationRow>> RowsAsync(CommunityDb context, IQueryable<Translation> translations, CancellationToken cancel) => (
        from t in translations.AsNoTracking()
        join u in context.Users on t.ById equals u.Id
        orderby t.Seq, t.To, t.At, t.Id
        select new TranslationRow(t, u.Handle, u.DisplayName, u.PictureVersion)).ToListAsync(cancel);
}
