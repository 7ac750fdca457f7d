using System.Net;
using Microsoft.AspNetCore.Http;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Bridging;

/// <summary>What the machine says stands in a field of the form, and becomes a translation only by a person.</summary>
public sealed class SuggestingSectionsOnThePage
{
    const string Page = "/practices/filing/translate?language=it";

    [Fact]
    public async Task Machine_text_is_marked_and_stored_only_when_somebody_accepts_or_changes_it()
    {
        IResult? instead = null;
        await using var service = await LibreService.StartAsync(asked => instead ?? Results.Json(new { translatedText = "M " + asked.GetProperty("q").GetString()!.Replace("\n\n", "\n\nM ", StringComparison.Ordinal) }));
        var community = new RunningCommunity();
        community.Settings["Translation__Service"] = "LibreTranslate";
        community.Settings["Translation__Url"] = service.Address.ToString().TrimEnd('/');
        await community.InitializeAsync();
        await using var _ = community;
        using var editor = new Visitor(community);
        await BeginAsync(editor);
        await editor.OpenAsync(Page);
        Assert.Equal(4, editor.Page.QuerySelectorAll("button[name=suggest]").Length);

        // A typed section and a chosen word stay while another one is asked for.
        await SendAsync(editor, ("suggest", "approach"), ("title", "Limare"), ("text.context", "## Contesto\n\nmio"));
        Assert.Equal("## M Approach\n\nM two", TextOf(editor, "approach"));
        Assert.Equal("## Contesto\n\nmio", TextOf(editor, "context"));
        Assert.Equal("Limare", editor.Page.QuerySelector("#title")!.GetAttribute("value"));
        Assert.Contains("Machine-made, not accepted yet", SectionOf(editor, "approach").TextContent, StringComparison.Ordinal);
        Assert.Contains("machine-words", FieldOf(editor, "approach").ClassName, StringComparison.Ordinal);
        Assert.Null(SectionOf(editor, "approach").QuerySelector("button[name=suggest]"));

        // What was typed in the same section stays to be put back.
        await SendAsync(editor, ("suggest", "context"));
        Assert.Equal("## M Context\n\nM one", TextOf(editor, "context"));
        Assert.Equal("## Contesto\n\nmio", SectionOf(editor, "context").QuerySelector("textarea[readonly]")!.TextContent);
        await SendAsync(editor, ("back", "context"));
        Assert.Equal("## Contesto\n\nmio", TextOf(editor, "context"));
        Assert.Equal("## M Approach\n\nM two", TextOf(editor, "approach"));

        // Unaccepted it is no translation, and does not get lost either; the rest is stored.
        await SendAsync(editor);
        Assert.Contains("1 section still has the machine’s text", editor.Page.QuerySelector("main [role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("## M Approach\n\nM two", TextOf(editor, "approach"));
        Assert.Equal("---\ntitle: Limare\n---\n\n## Contesto\n\nmio\n\n", await StoredAsync(editor));
        Assert.Contains("Says what the original says", SectionOf(editor, "context").TextContent, StringComparison.Ordinal);

        // Blanks and line ends are no change; the same with the confirmation is one.
        await SendAsync(editor, ("text.approach", "## M Approach\r\n\r\nM two  \r\n"));
        Assert.DoesNotContain("M two", await StoredAsync(editor), StringComparison.Ordinal);
        await SendAsync(editor, ("accept.approach", "true"));
        Assert.EndsWith("saved=true", editor.Address, StringComparison.Ordinal);
        Assert.Contains("## M Approach\n\nM two\n", await StoredAsync(editor), StringComparison.Ordinal);

        // A changed one is the person's own.
        await editor.OpenAsync(Page);
        await SendAsync(editor, ("suggest", "outcomes"));
        await SendAsync(editor, ("text.outcomes", "## Esiti\n\nM three, ma bene"));
        Assert.Contains("## Esiti\n\nM three, ma bene\n", await StoredAsync(editor), StringComparison.Ordinal);

        // When the machine does not answer a sentence stands at the section, and what was typed is there.
        instead = Results.StatusCode(500);
        await RewriteAsync(editor);
        await editor.OpenAsync(Page);
        Assert.Contains("changed since", SectionOf(editor, "context").TextContent, StringComparison.Ordinal);
        await SendAsync(editor, ("suggest", "context"), ("text.context", "## Contesto\n\nmio, nuovo"), ("done.context", "true"));
        Assert.Contains("does not give a useful answer", SectionOf(editor, "context").QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("## Contesto\n\nmio, nuovo", TextOf(editor, "context"));
        Assert.True(SectionOf(editor, "context").QuerySelector("input[name='done.context']")!.HasAttribute("checked"));

        // Title and summary are one section.
        instead = null;
        await editor.OpenAsync(Page);
        await SendAsync(editor, ("suggest", "---"));
        Assert.Equal(("M Filing", "M Nobody could, again."), (editor.Page.QuerySelector("#title")!.GetAttribute("value"), editor.Page.QuerySelector("#summary")!.TextContent));
        await SendAsync(editor);
        Assert.Contains("title: Limare\n", await StoredAsync(editor), StringComparison.Ordinal);
        await SendAsync(editor, ("accept.---", "true"));
        Assert.Contains("title: M Filing\nsummary: M Nobody could, again.\n", await StoredAsync(editor), StringComparison.Ordinal);
    }

    static async Task BeginAsync(Visitor editor)
    {
        await editor.LogInAsync("editor@demo.example", DemoWorld.Password);
        await editor.OpenAsync("/practices/new");
        await editor.SendAsync("new", ("title", "Filing"), ("language", "en"));
        await WriteAsync(editor, "---\ntitle: Filing\nsummary: Nobody could.\n---\n\n## Context\n\none\n\n## Approach\n\ntwo\n\n## Outcomes\n\nthree\n");
        await editor.OpenAsync("/practices/filing/review?language=en");
        await editor.SendAsync("language", ("to", "it"));
        Assert.Equal(HttpStatusCode.OK, editor.Status);
    }

    static Task RewriteAsync(Visitor editor) =>
        WriteAsync(editor, "---\ntitle: Filing\nsummary: Nobody could, again.\n---\n\n## Context\n\none more\n\n## Approach\n\ntwo\n\n## Outcomes\n\nthree\n");

    static async Task WriteAsync(Visitor editor, string text)
    {
        await editor.OpenAsync("/practices/filing/edit?language=en");
        await editor.SendAsync("write", ("markdown", text), ("act", "publish"));
        Assert.Equal(HttpStatusCode.OK, editor.Status);
    }

    // All of it, as a browser does: fields that a script fills have what they were served with.
    static async Task SendAsync(Visitor editor, params (string Field, string Value)[] fields)
    {
        var all = editor.Page.QuerySelectorAll("main form textarea[name]").Select(field => (field.GetAttribute("name")!, field.TextContent))
            .Append(("title", editor.Page.QuerySelector("#title")!.GetAttribute("value") ?? ""))
            .Concat(editor.Page.QuerySelectorAll("main form input[type=checkbox][checked]").Select(field => (field.GetAttribute("name")!, "true")))
            .Where(field => fields.All(given => given.Field != field.Item1)).Concat(fields);
        await editor.SendAsync("translate", [.. all]);
        Assert.Equal(HttpStatusCode.OK, editor.Status);
    }

    static AngleSharp.Dom.IElement SectionOf(Visitor editor, string key) => FieldOf(editor, key).Closest("section")!;

    static AngleSharp.Dom.IElement FieldOf(Visitor editor, string key) => editor.Page.QuerySelector($"textarea[name='text.{key}']")!;

    static string TextOf(Visitor editor, string key) => FieldOf(editor, key).TextContent;

    // The newest revision, as the editor of the whole text has it.
    static async Task<string> StoredAsync(Visitor editor)
    {
        using var beside = editor.Copy();
        await beside.OpenAsync("/practices/filing/edit?language=it");
        return beside.Page.QuerySelector("#markdown")!.TextContent;
    }
}
