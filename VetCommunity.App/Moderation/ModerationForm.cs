using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Moderation;

/// <summary>What the pages of moderation share.</summary>
public abstract class ModerationForm(ILogger log) : PlainForm(log)
{
    [Inject] protected IStringLocalizer<ModerationTexts> Text { get; set; } = null!;

    protected override string FormExpired => Text["FormExpired"];

    /// <summary>Where a message stands.</summary>
    protected static string AddressOf(ConversationKind kind, string conversation, long seq) => string.Create(CultureInfo.InvariantCulture,
        $"/{(kind == ConversationKind.Room ? "rooms" : "conversations")}/{Uri.EscapeDataString(conversation)}/messages/{seq}");

    /// <summary>Its room's title, or that two people talk there.</summary>
    protected string PlaceOf(string room) => room.Length > 0 ? Text["InRoom", room] : Text["InDirect"];
}
