namespace VetCommunity.Core.Documents;

/// <summary>What became of a text that was sent.</summary>
/// <param name="Number">The revision that holds it; 0 in a conflict.</param>
/// <param name="WasStored">Whether the same form had stored it before.</param>
/// <param name="IsMerged">It holds also what others stored meanwhile.</param>
/// <param name="Conflict">What somebody else stored meanwhile and on what the actor writes now: nothing was stored then.</param>
sealed record SavedText(int Number, bool WasStored, bool IsMerged, (string Theirs, DraftPlace Place)? Conflict);

/// <summary>Stores what a plain form sends: as a draft and at once as a revision, so that all who write in the document see it.</summary>
static class Saving
{
    public static async Task<SavedText> SaveAsync(
        DocumentDrafts drafts, Storing storing, Revisions revisions, Actor actor, VersionAddress address, string markdown, DraftPlace place, string formKey, Action<string> check, CancellationToken cancel)
    {
        // The same form with another text is another form.
        var key = $"{Conversations.Limits.CheckedKey(formKey)[..Math.Min(formKey.Length, 39)]}-{Sections.Hash(markdown)[..24]}";
        // Sent twice: stored is stored, and the draft is gone.
        if (await storing.StoredAsync(actor, address, key, cancel) is { } stored)
            return new(stored, WasStored: true, IsMerged: false, null);
        check(markdown);
        var saved = await drafts.SaveAsync(actor, address, markdown, place, cancel);
        if (!saved.IsSaved)
            return new(0, WasStored: false, IsMerged: false, (saved.Other!.Markdown, new(saved.Other.Base, saved.Version, saved.Other.Source)));
        var result = await storing.StoreAsync(actor, address, saved.Version, "", key, cancel);
        return result.Conflict is { } conflict
            ? new(0, WasStored: false, IsMerged: false, (await revisions.ReadAsync(actor, address, conflict.Newest, cancel), place with { Base = conflict.Newest, Version = saved.Version }))
            : new(result.Number!.Value, WasStored: false, result.IsMerged, null);
    }
}
