using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;

namespace VetCommunity.App.Live;

/// <summary>What the pages of live sessions share.</summary>
public abstract class LiveForm(ILogger log) : PlainForm(log)
{
    [Inject] protected IStringLocalizer<LiveTexts> Text { get; set; } = null!;

    [Parameter] public string Slug { get; set; } = "";

    protected override string FormExpired => Text["FormExpired"];

    protected string Here => $"/sessions/{Uri.EscapeDataString(Slug)}";
}
