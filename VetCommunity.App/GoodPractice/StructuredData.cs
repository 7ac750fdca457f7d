using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace VetCommunity.App.GoodPractice;

/// <summary>
/// JSON in the page. The browser runs nothing of it, so the policy that forbids scripts in pages has nothing to say; and no value ends it, because the encoder writes <c>&lt;</c> as
/// <c>\u003C</c>. Blazor itself would write quotation marks so too, and what is left is no JSON.
/// </summary>
public sealed class StructuredData : ComponentBase
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    [Parameter, EditorRequired] public required JsonObject Data { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, $"<script type=\"application/ld+json\">{Data.ToJsonString(Json)}</script>");
}
