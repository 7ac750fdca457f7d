using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;

namespace VetCommunity.App.GoodPractice;

/// <summary>What the pages share that change drafts and answers.</summary>
public abstract class PracticeForm(ILogger log) : PlainForm(log)
{
    [Inject] protected IStringLocalizer<PracticeTexts> Text { get; set; } = null!;

    protected override string FormExpired => Text["FormExpired"];
}
