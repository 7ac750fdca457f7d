using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Conversations;

/// <summary>A file that was sent with a form and could not be taken.</summary>
public sealed record RefusedFile(string Name, string Why);

/// <summary>The files of a message that is sent by its form, without script.</summary>
sealed class FormFiles(Attachments attachments, UploadGate gate)
{
    public const string Chosen = "files";
    public const string Attached = "attached";
    public const string Dropped = "drop";

    /// <summary>The field in which an attached image is described.</summary>
    public static string DescriptionOf(string id) => "alt-" + id;

    /// <summary>Takes what is new and keeps what was taken with an earlier sending of the form.</summary>
    /// <param name="actor">Who sends it.</param>
    /// <param name="form">The form.</param>
    /// <param name="taken">Filled one by one, so that a refusal in between costs none of them.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What could not be taken.</returns>
    public async Task<IReadOnlyList<RefusedFile>> TakeAsync(Actor actor, IFormCollection form, List<PostedAttachment> taken, CancellationToken cancel)
    {
        List<RefusedFile> refused = [];
        var kept = form[Attached].OfType<string>().Except(form[Dropped].OfType<string>(), StringComparer.Ordinal).ToList();
        // A browser sends an empty part for a field in which nothing was chosen.
        var chosen = form.Files.GetFiles(Chosen).Where(file => file.FileName.Length > 0).ToList();
        foreach (var id in kept.Take(Limits.Attachments))
        {
            if (await KeptAsync(actor, id, form[DescriptionOf(id)], cancel) is { } attachment)
                taken.Add(attachment);
            else
                refused.Add(new("", Sentences.For(Refusal.UnknownAttachment, [], CultureInfo.CurrentUICulture)));
        }
        foreach (var file in chosen)
        {
            try
            {
                if (taken.Count == Limits.Attachments)
                    throw new RefusedException(Refusal.TooManyAttachments, Limits.Attachments);
                using var entered = await gate.EnterAsync(actor, cancel);
                await using var content = file.OpenReadStream();
                taken.Add(await attachments.UploadAsync(actor, content, file.FileName, cancel: cancel));
            }
            catch (RefusedException why)
            {
                refused.Add(new(file.FileName, Sentences.For(why, CultureInfo.CurrentUICulture)));
            }
        }
        return refused;
    }

    async Task<PostedAttachment?> KeptAsync(Actor actor, string id, string? description, CancellationToken cancel)
    {
        try
        {
            return string.IsNullOrEmpty(description)
                ? await attachments.UnpostedAsync(actor, id, cancel) : await attachments.DescribeAsync(actor, id, description, cancel);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
