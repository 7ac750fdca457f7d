using System.Diagnostics;
using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Extensions.EmphasisExtras;
using VetCommunity.Core.Documents;

namespace VetCommunity.Bench;

/// <summary>What it costs to make the html of practices that readers get, sanitised section by section, against Markdig alone with the same extensions.</summary>
static class RenderLoad
{
    const int Texts = 300;
    const int Turns = 15;

    static readonly MarkdownPipeline Alone = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .UseAutoLinks(new AutoLinkOptions { UseHttpsForWWWLinks = true }).UseTaskLists().Build();

    public static Task<int> RunAsync() => Figures.MeasureAsync("render", (_, figures) =>
    {
        var texts = PracticeWorld.Texts().Take(Texts).ToList();
        var bodies = texts.ConvertAll(text => FrontMatter.Of(text).Body);
        List<(double Ours, double Floor)> turns = [];
        for (var turn = 0; turn < Turns; turn++)
            turns.Add((TimeOf(() => texts.ForEach(text => RenderedDocument.Of(text))), TimeOf(() => bodies.ForEach(body => Markdown.ToHtml(body, Alone)))));
        // The first ones compile.
        turns = turns[(Turns / 2)..];
        var (ours, floor) = (Figures.Median(turns.Select(one => one.Ours)) / Texts, Figures.Median(turns.Select(one => one.Floor)) / Texts);
        Figures.Note($"a practice of {texts.Average(text => text.Length):F0} characters: {ours:F0} us, Markdig alone {floor:F0} us");
        figures.AtMost("time from markdown to what readers get, of Markdig's alone", ours / floor, 4);
        return Task.CompletedTask;
    });

    static double TimeOf(Action act)
    {
        var watch = Stopwatch.StartNew();
        act();
        return watch.Elapsed.TotalMicroseconds;
    }
}
