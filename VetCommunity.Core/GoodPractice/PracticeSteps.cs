using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a writer does with what they wrote.</summary>
public enum PracticeStep
{
    /// <summary>Keeps it as a draft.</summary>
    Save = 1,
    /// <summary>Stores it as a revision and asks for a review.</summary>
    Submit = 2,
    /// <summary>Stores it as a revision and shows it to everybody.</summary>
    Publish = 3,
}

/// <summary>What became of it.</summary>
/// <param name="Version">The draft's version now.</param>
/// <param name="Base">The revision on which the next attempt stands.</param>
/// <param name="Theirs">Where nothing was done: the other text that the writer has to see first; null where it was done.</param>
/// <param name="IsOwnWindow">That is from another window of the writer, and not from somebody else.</param>
public sealed record PracticeStepDone(int Version, int Base, string? Theirs, bool IsOwnWindow);

/// <summary>The way from what stands in an editor to a draft, a revision and its readers. Nobody's text is overwritten unseen.</summary>
public sealed class PracticeSteps(DocumentDrafts drafts, Storing storing, Revisions revisions, Submissions submissions, Publications publications)
{
    /// <summary>Saves, and goes on to what is asked.</summary>
    /// <param name="actor">Who writes.</param>
    /// <param name="address">Where.</param>
    /// <param name="written">The text with what it was written on.</param>
    /// <param name="step">How far to go.</param>
    /// <param name="note">What was changed, in the writer's words.</param>
    /// <param name="formKey">1 to 64 characters: the same again is the same revision.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, or not theirs to publish.</exception>
    /// <exception cref="RefusedException">Too long, a front matter that cannot be read, a note too long.</exception>
    public async Task<PracticeStepDone> DoAsync(Actor actor, VersionAddress address, OpenDraft written, PracticeStep step, string note, string formKey, CancellationToken cancel = default)
    {
        // The same form with another text is another form.
        var key = $"{Conversations.Limits.CheckedKey(formKey)[..Math.Min(formKey.Length, 39)]}-{Sections.Hash(written.Markdown)[..24]}";
        if (step != PracticeStep.Save && await storing.StoredAsync(actor, address, key, cancel) is { } before)
            return await GoOnAsync(actor, address, before, step, cancel);
        // What readers could not be shown is better not stored either: its writer still has it in hand.
        if (step == PracticeStep.Publish)
            RenderedDocument.Of(written.Markdown);
        var saved = await drafts.SaveAsync(actor, address, written.Markdown, new(written.Base, written.Version, written.Source), cancel);
        if (!saved.IsSaved)
            return new(saved.Version, saved.Other!.Base, saved.Other.Markdown, IsOwnWindow: true);
        if (step == PracticeStep.Save)
            return new(saved.Version, written.Base, null, IsOwnWindow: false);
        var stored = await storing.StoreAsync(actor, address, saved.Version, note, key, cancel);
        if (stored.Conflict is { } conflict)
            return new(saved.Version, conflict.Newest, await revisions.ReadAsync(actor, address, conflict.Newest, cancel), IsOwnWindow: false);
        return await GoOnAsync(actor, address, stored.Number!.Value, step, cancel);
    }

    async Task<PracticeStepDone> GoOnAsync(Actor actor, VersionAddress address, int number, PracticeStep step, CancellationToken cancel)
    {
        if (step == PracticeStep.Publish)
            await publications.PublishAsync(actor, address, number, cancel);
        else
            await submissions.SubmitAsync(actor, address, number, cancel);
        return new(0, number, null, IsOwnWindow: false);
    }
}
