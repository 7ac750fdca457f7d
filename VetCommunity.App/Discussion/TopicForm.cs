using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>What the pages share that change a topic by a plain form.</summary>
public abstract class TopicForm(ILogger log) : PlainForm(log)
{
    [Parameter] public string Room { get; set; } = "";
    [Inject] protected Topics Topics { get; set; } = null!;
    [Inject] protected IStringLocalizer<TopicTexts> Text { get; set; } = null!;

    protected string Address => "/rooms/" + Uri.EscapeDataString(Room);

    protected override string TooOld => Text["FormExpired"];
}
